package dev.flinkvideo.ingest.transport.rtmp;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket whose peer takes too long, which ends whatever a thread waits for there. A
 * timeout of the socket's own would start anew with each byte, of which TLS reads thousands before
 * it gives out one, and knows no writes. Owns the socket; any thread.
 *
 * <p>The timer is set when there is none, not for each message: it looks again when it goes off.
 */
final class Watchdog implements Closeable {
  private final Socket socket;
  private final ScheduledExecutorService timer;

  // Guarded by this.
  private boolean watching;
  private long untilNanos;
  private ScheduledFuture<?> alarm;
  private long alarmNanos;

  private volatile boolean bitten;

  /**
   * @param socket below TLS: closing that would wait for a peer that reads nothing
   */
  Watchdog(Socket socket, ScheduledExecutorService timer) {
    this.socket = socket;
    this.timer = timer;
  }

  /** From now on, until {@link #rest} or another call, the peer has so long. */
  synchronized void allow(long nanos) {
    watching = true;
    untilNanos = System.nanoTime() + nanos;
    if (alarm != null && alarmNanos - untilNanos <= 0) {
      return;
    }
    cancel();
    lookAfter(nanos);
  }

  /** It is not the peer whom we wait for. */
  synchronized void rest() {
    watching = false;
  }

  /** What {@code failure} was, if it was not ours. */
  IOException explain(IOException failure) {
    if (!bitten || failure instanceof MalformedRtmpException) {
      return failure;
    }
    return (IOException) new SocketTimeoutException("out of time").initCause(failure);
  }

  /** Closes the socket, now. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      watching = false;
      cancel();
    }
    socket.close();
  }

  private void cancel() {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  private void lookAfter(long nanos) {
    alarmNanos = System.nanoTime() + nanos;
    alarm = timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private synchronized void look() {
    alarm = null;
    long leftNanos = untilNanos - System.nanoTime();
    if (!watching) {
      return;
    }
    if (leftNanos > 0) {
      lookAfter(leftNanos);
      return;
    }
    bitten = true;
    try {
      socket.close();
    } catch (IOException e) {
      // whoever waits there sees its end all the same
    }
  }
}
