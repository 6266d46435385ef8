package dev.flinkvideo.ingest.transport.srt;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Those whom a listener would take, until libsrt has looked at their pass phrases. Of one that is
 * wrong it says nothing to us: it has the caller told, and gives no socket out. It looks in the
 * same call in which it asks us, so who has not come out a second later was rejected. Any thread;
 * closed by its listener.
 */
final class SrtCallers implements AutoCloseable {
  /** The listener's accepting thread needs microseconds; but a machine may be busy. */
  private static final Duration COMES_WITHIN = Duration.ofSeconds(1);

  /** Many more than the listener's backlog; of those above nothing is noted. */
  private static final int MAX_CALLERS = 256;

  private final PublisherHandler handler;
  private final Map<Integer, Future<?>> callers = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, SrtCallers::thread);

  SrtCallers(PublisherHandler handler) {
    this.handler = handler;
    clock.setRemoveOnCancelPolicy(true);
  }

  /** libsrt goes on to look at the pass phrase of what will be {@code socket}. */
  void expect(int socket, InetSocketAddress peer) {
    if (callers.size() < MAX_CALLERS) {
      callers.computeIfAbsent(
          socket,
          number ->
              clock.schedule(
                  () -> reject(number, peer), COMES_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  /** It was right. */
  void came(int socket) {
    Future<?> rejection = callers.remove(socket);
    if (rejection != null) {
      rejection.cancel(/* mayInterruptIfRunning= */ false);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void reject(int socket, InetSocketAddress peer) {
    if (callers.remove(socket) != null) {
      handler.refused(
          peer.getAddress().getHostAddress() + ":" + peer.getPort(),
          new Ending(EndReason.UNAUTHORISED, "wrong pass phrase, or none"));
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "srt-callers");
    thread.setDaemon(true);
    return thread;
  }
}
