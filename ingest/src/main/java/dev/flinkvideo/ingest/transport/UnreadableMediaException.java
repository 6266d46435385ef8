package dev.flinkvideo.ingest.transport;

import java.io.IOException;

/** A file that gives no video. The message is one line for people and says what it is instead. */
public final class UnreadableMediaException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why, so that it can be counted and answered. */
  public enum Reason {
    /** There is no such file. */
    MISSING,
    /** A directory, a device, an empty file. */
    NOT_A_FILE,
    /** The operating system does not let us read it. */
    FORBIDDEN,
    /** Something else altogether: text, an archive, a still image. */
    NOT_MEDIA,
    /** Sound or subtitles without pictures. */
    NO_VIDEO,
    /** Begins like video but cannot be read. */
    DAMAGED,
    /** Video of a kind that the asker cannot use. */
    UNSUITABLE
  }

  private final Reason reason;

  UnreadableMediaException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
