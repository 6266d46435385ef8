package dev.flinkvideo.protocol;

/**
 * Why a record went to {@code video.rejected}. The label is used alike in headers, metrics and
 * docs.
 */
public enum RejectReason {
  /** The bytes are not what their content type says. */
  UNREADABLE("unreadable"),
  /** Written by a newer version than this reader knows. */
  NEWER_VERSION("newer-version"),
  /** Readable, but it contradicts itself. */
  INVALID("invalid"),
  /** The Kafka key is missing or is not the session named inside. */
  KEY_MISMATCH("key-mismatch"),
  /** The {@code content-type} header names nothing we read. */
  CONTENT_TYPE("content-type");

  private final String label;

  RejectReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
