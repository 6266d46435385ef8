package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Bounds who connects to an HTTP port whose connections have one request each: how many there are,
 * and how long each lasts, however slowly it drips. Called by the server's threads.
 */
final class HttpStrangers implements Connection.Listener {
  private record Admitted(InetAddress address, Scheduler.Task end) {}

  private final PeerLimits limits;
  private final Scheduler scheduler;
  private final long withinMs;
  private final PublisherHandler handler;
  private final Map<Connection, Admitted> admitted = new ConcurrentHashMap<>();

  /**
   * @param handler is told whom it hung up on
   */
  HttpStrangers(PeerLimits limits, Scheduler scheduler, long withinMs, PublisherHandler handler) {
    this.limits = limits;
    this.scheduler = scheduler;
    this.withinMs = withinMs;
    this.handler = handler;
  }

  @Override
  public void onOpened(Connection connection) {
    InetAddress address = address(connection.getEndPoint().getRemoteSocketAddress());
    if (!limits.enter(address)) {
      handler.refused(
          address.getHostAddress(), new Ending(EndReason.REFUSED, "too many connections of HTTP"));
      connection.close();
      return;
    }
    Scheduler.Task end =
        scheduler.schedule(() -> end(connection, address), withinMs, TimeUnit.MILLISECONDS);
    admitted.put(connection, new Admitted(address, end));
  }

  @Override
  public void onClosed(Connection connection) {
    Admitted left = admitted.remove(connection);
    if (left != null) {
      left.end().cancel();
      limits.leave(left.address());
    }
  }

  private void end(Connection connection, InetAddress address) {
    if (!connection.getEndPoint().isOpen()) {
      return;
    }
    handler.refused(
        address.getHostAddress(), new Ending(EndReason.STALLED, "no whole request in time"));
    connection.getEndPoint().close();
  }

  private static InetAddress address(SocketAddress peer) {
    return peer instanceof InetSocketAddress internet
        ? internet.getAddress()
        : InetAddress.getLoopbackAddress();
  }
}
