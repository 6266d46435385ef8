package dev.flinkvideo.ingest.transport;

import java.util.Optional;

/** Knows who may publish to us. Any thread. */
public interface PublisherGate {
  /**
   * Why a publisher is not let in, or empty if it is. How long the answer takes tells nothing about
   * how much of the secret is right.
   *
   * @param stream what it publishes: application and name in RTMP, the stream id in SRT
   * @param secret empty if it showed none
   */
  Optional<Ending> refuse(String stream, String secret);

  /**
   * For protocols in which the peer proves that it knows the secret without showing it.
   *
   * @return what {@code stream} must be encrypted with, an empty text if it goes in the clear, or
   *     nothing if it is not let in
   */
  Optional<String> passphrase(String stream);
}
