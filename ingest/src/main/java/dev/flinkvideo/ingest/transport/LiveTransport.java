package dev.flinkvideo.ingest.transport;

/**
 * One stream over one protocol. It connects, or is connected already, reads until the stream ends
 * or breaks, and says why; it never retries. Nothing is left open when {@link #read} returns.
 */
public interface LiveTransport {
  /**
   * Called once, by the thread that belongs to this connection from then on. What the peer does
   * wrong is an {@link Ending}; an exception is ours or the sink's.
   */
  Ending read(LiveSink sink);

  /**
   * Makes {@link #read} return soon, with {@link EndReason#CLOSED}; before it, at once. Any thread.
   */
  void stop();

  /** What came so far. Any thread. */
  TransportStatistics statistics();

  /**
   * Asks the peer for a key frame, where the protocol can. Any thread.
   *
   * @return whether it can
   */
  default boolean requestKeyFrame() {
    return false;
  }
}
