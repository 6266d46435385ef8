package dev.flinkvideo.ingest.kafka;

/** Kafka did not take a record: the broker is gone, the topic is missing, the record too large. */
public final class PublishException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PublishException(String message, Throwable cause) {
    super(message, cause);
  }
}
