package dev.flinkvideo.ingest.transport;

/** A stream that cannot be put into the container that was asked for. */
public final class PackagingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, so that it can be counted and answered. */
  public enum Reason {
    /** The container has no way to carry the codec. */
    CODEC,
    /** One access unit alone is larger than a record may be. */
    TOO_LARGE,
    /** The muxer refused what it was given. */
    REFUSED
  }

  private final Reason reason;

  PackagingException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
