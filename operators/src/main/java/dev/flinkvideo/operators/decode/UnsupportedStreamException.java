package dev.flinkvideo.operators.decode;

/** There is no decoder for this stream. The session stays; what it sends is dropped and counted. */
public final class UnsupportedStreamException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnsupportedStreamException(String message) {
    super(message);
  }
}
