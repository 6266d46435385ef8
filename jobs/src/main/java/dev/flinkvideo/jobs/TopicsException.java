package dev.flinkvideo.jobs;

/** The topics are not as the job needs them. The message is one line and ends with the remedy. */
public final class TopicsException extends Exception {
  private static final long serialVersionUID = 1L;

  public TopicsException(String message) {
    super(message);
  }

  public TopicsException(String message, Throwable cause) {
    super(message, cause);
  }
}
