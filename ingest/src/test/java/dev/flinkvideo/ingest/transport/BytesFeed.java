package dev.flinkvideo.ingest.transport;

import java.nio.ByteBuffer;
import java.time.Duration;

/** Bytes as a connection would bring them, in pieces, and then a goodbye. */
final class BytesFeed implements ByteFeed {
  private static final int PIECE_BYTES = 1316;

  static final Duration HELD_BACK = Duration.ofSeconds(100);

  private final ByteBuffer bytes;
  private boolean closed;

  BytesFeed(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Override
  public int read(ByteBuffer into, long patienceNanos) {
    int count = Math.min(PIECE_BYTES, Math.min(into.remaining(), bytes.remaining()));
    if (count == 0) {
      return END;
    }
    into.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public Ending ending() {
    return bytes.hasRemaining() ? null : new Ending(EndReason.CLOSED, "that was all");
  }

  /** As SRT does. */
  @Override
  public Duration heldBack() {
    return HELD_BACK;
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
