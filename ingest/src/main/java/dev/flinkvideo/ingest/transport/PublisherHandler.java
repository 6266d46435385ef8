package dev.flinkvideo.ingest.transport;

/** Takes the connections of publishers that a listener let in. Any thread. */
public interface PublisherHandler {
  /**
   * Reads {@code transport} to its end, in this thread, which is the connection's own; or stops it.
   *
   * @param stream what it publishes, see {@link PublisherGate}
   * @param peer its address, for people
   */
  void publish(String stream, String peer, LiveTransport transport);

  /** Somebody was not let in, or left before publishing. */
  void refused(String peer, Ending why);
}
