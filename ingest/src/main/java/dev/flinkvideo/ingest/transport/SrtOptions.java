package dev.flinkvideo.ingest.transport;

import java.time.Duration;

/**
 * @param streamId tells the listener what is asked for; may be empty
 * @param passphrase 10 to 79 characters, or empty for no encryption
 * @param latency how long a packet that was lost may take to come again
 */
public record SrtOptions(String streamId, String passphrase, Duration latency) {
  public static final Duration DEFAULT_LATENCY = Duration.ofMillis(120);

  @Override
  public String toString() {
    return "streamId=%s latency=%s encrypted=%s"
        .formatted(streamId, latency, !passphrase.isEmpty());
  }
}
