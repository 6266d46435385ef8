package dev.flinkvideo.ingest.transport;

import java.util.Optional;

/** Knows who may publish to us. Any thread. */
public interface PublisherGate {
  /**
   * The name of the publisher that shows {@code key}, or empty if nobody's. How long it takes tells
   * nothing about how much of the key is right.
   *
   * @param place what is published to: the application of RTMP, the path of WHIP
   */
  Optional<String> identify(String place, String key);
}
