package dev.flinkvideo.ingest.transport.srt;

import dev.flinkvideo.ingest.transport.ByteFeed;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The MPEG-TS that comes over one SRT connection. Owns its socket. */
class SrtFeed implements ByteFeed {
  /**
   * A peer that does not even send what SRT sends by itself is gone after this at the earliest;
   * libsrt wants 17 of its timers of 300 ms to have passed as well, so it says so after 5.1 s.
   */
  static final Duration PEER_IDLE = Duration.ofSeconds(2);

  /** How long one wait is at most, so that being closed is noticed. */
  private static final long WAIT_MS = 50;

  private static final long NANOS_PER_MS = 1_000_000;

  /** Between two looks at what is left of a connection that is over. */
  private static final long DRAIN_NANOS = 5 * NANOS_PER_MS;

  /** What a UDP packet holds in practice; SRT carries 1456 bytes of it at most. */
  private static final int MAX_MESSAGE_BYTES = 1500;

  private final SrtSocket socket;
  private final ByteBuffer message = ByteBuffer.allocateDirect(MAX_MESSAGE_BYTES);
  private long lastNanos = System.nanoTime();
  private volatile Ending ending;

  /** Asked while it is connected: afterwards libsrt does not say. */
  private Duration latency;

  /** When the connection was over. */
  private Long goneNanos;

  SrtFeed(SrtSocket socket) {
    this.socket = socket;
    message.limit(0);
  }

  @Override
  public boolean connect(long patienceNanos) {
    try {
      socket.watch();
      latency = socket.latency();
      return true;
    } catch (SrtException e) {
      end(EndReason.LOST, e.getMessage());
      return false;
    }
  }

  @Override
  public int read(ByteBuffer into, long patienceNanos) {
    long startNanos = System.nanoTime();
    while (!message.hasRemaining()) {
      if (ending != null) {
        return END;
      }
      long leftNanos = patienceNanos - (System.nanoTime() - startNanos);
      if (leftNanos <= 0) {
        end(EndReason.STALLED, "the peer fell silent");
        return END;
      }
      receive(Math.min(WAIT_MS, leftNanos / NANOS_PER_MS + 1));
    }
    int count = Math.min(into.remaining(), message.remaining());
    into.put(message.slice(message.position(), count));
    message.position(message.position() + count);
    return count;
  }

  @Override
  public Ending ending() {
    return ending;
  }

  @Override
  public Optional<LinkStatistics> link() {
    return Optional.of(socket.statistics());
  }

  /** Packets are given out at their time, so that those that were lost can come again till then. */
  @Override
  public Duration heldBack() {
    return latency;
  }

  @Override
  public void close() {
    socket.close();
  }

  final SrtSocket socket() {
    return socket;
  }

  final void end(EndReason reason, String detail) {
    if (ending == null) {
      ending = new Ending(reason, detail);
    }
  }

  private void receive(long waitMs) {
    message.clear();
    int received = socket.receive(message, waitMs);
    message.limit(Math.max(0, received));
    if (received > 0) {
      lastNanos = System.nanoTime();
    } else if (received < 0) {
      gone();
    }
  }

  /**
   * The connection is over, but packets that came before are held until their time, and can be read
   * then: the last pictures of a publisher that hangs up right after them.
   */
  private void gone() {
    long nowNanos = System.nanoTime();
    if (goneNanos == null) {
      goneNanos = nowNanos;
    }
    if (nowNanos - goneNanos < latency.toNanos()) {
      LockSupport.parkNanos(DRAIN_NANOS);
      return;
    }
    // libsrt does not say which: a peer's goodbye comes at once, its death shows by silence.
    boolean silent = goneNanos - lastNanos >= PEER_IDLE.toNanos();
    end(
        silent ? EndReason.LOST : EndReason.CLOSED,
        silent ? "the peer is gone" : "the peer ended the stream");
  }
}
