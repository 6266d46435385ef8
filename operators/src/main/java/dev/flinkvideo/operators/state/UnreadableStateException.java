package dev.flinkvideo.operators.state;

/** State that this job cannot go on from: another version wrote it, or it is damaged. */
public final class UnreadableStateException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  UnreadableStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
