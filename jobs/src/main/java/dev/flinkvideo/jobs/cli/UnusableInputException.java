package dev.flinkvideo.jobs.cli;

/**
 * What the user gave cannot be worked with: exit code 2. The message is one line that says what it
 * is.
 */
public final class UnusableInputException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableInputException(String message) {
    super(message);
  }

  public UnusableInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
