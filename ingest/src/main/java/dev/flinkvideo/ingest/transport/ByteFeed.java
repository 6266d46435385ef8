package dev.flinkvideo.ingest.transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The bytes of a container as they come from the network. Read by one thread, closed by any. */
public interface ByteFeed extends AutoCloseable {
  /** {@link #read} has nothing more to give. */
  int END = -1;

  /**
   * Waits until the peer is there. Once, before {@link #read}.
   *
   * @return false if it is not, with the reason in {@link #ending}
   */
  default boolean connect(long patienceNanos) {
    return true;
  }

  /**
   * Waits for the first bytes. Once, after {@link #connect} and before {@link #read}.
   *
   * @return false if none came, with the reason in {@link #ending}
   */
  default boolean awaitBytes(long patienceNanos) {
    return true;
  }

  /**
   * Waits for bytes and puts at least one into {@code into}.
   *
   * @param patienceNanos how long to wait at most
   * @return how many, or {@link #END} with the reason in {@link #ending}
   */
  int read(ByteBuffer into, long patienceNanos);

  /** Why there is no more; null before. */
  Ending ending();

  /** Of the path to the peer, where it is measured. Any thread. */
  default Optional<LinkStatistics> link() {
    return Optional.empty();
  }

  /** For how long bytes that are there are kept from {@link #read}; once connected. */
  default Duration heldBack() {
    return Duration.ZERO;
  }

  /** Ends a {@link #read} that waits. Any thread, any number of times. */
  @Override
  void close();
}
