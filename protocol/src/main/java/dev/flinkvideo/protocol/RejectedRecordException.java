package dev.flinkvideo.protocol;

/** A record that cannot be read. It belongs on {@code video.rejected}; it never fails a task. */
public final class RejectedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  public RejectedRecordException(RejectReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public RejectedRecordException(RejectReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public RejectReason reason() {
    return reason;
  }
}
