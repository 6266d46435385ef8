package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherGate;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import dev.flinkvideo.ingest.transport.webrtc.PublishPage;
import dev.flinkvideo.ingest.transport.webrtc.WebRtcPort;
import dev.flinkvideo.ingest.transport.webrtc.WhipHandler;
import dev.flinkvideo.ingest.transport.webrtc.ice.UdpPort;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The two ports of WebRTC: UDP for the media, HTTP for WHIP. Opened and closed by its owner. */
final class WhipPort implements AutoCloseable {
  private static final int MAX_THREADS = 16;

  /** An answer with more candidates than this only makes peers try longer. */
  private static final int MAX_ADDRESSES = 8;

  private final UdpPort udp;
  private final Server server;
  private final ServerConnector connector;

  /**
   * @param strangers limits connections of HTTP, in which a token is shown or not
   * @param peers limits what was let in
   */
  WhipPort(
      GatewayConfiguration.Webrtc settings,
      InetAddress bind,
      DtlsIdentity identity,
      PublisherGate gate,
      PublisherHandler publishers,
      PeerLimits strangers,
      PeerLimits peers,
      Deadlines deadlines)
      throws IOException {
    List<InetAddress> addresses = addresses(settings, bind);
    udp = udp(new InetSocketAddress(bind, settings.port()));
    long maximumBitrate = settings.maximumKilobits() * 1000;
    WebRtcPort port = new WebRtcPort(udp, identity, addresses, maximumBitrate, deadlines);
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("whip-http");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setPersistentConnectionsEnabled(false);
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(bind.getHostAddress());
    connector.setPort(settings.httpPort());
    long withinMs = deadlines.connect().toMillis();
    connector.setIdleTimeout(2 * withinMs); // after the deadline, which says so
    connector.addEventListener(
        new HttpStrangers(strangers, connector.getScheduler(), withinMs, publishers));
    server.addConnector(connector);
    server.setHandler(
        new Handler.Sequence(new WhipHandler(port, gate, publishers, peers), new PublishPage()));
  }

  void start() throws IOException {
    udp.start();
    try {
      server.start();
    } catch (Exception e) { // declared by Jetty, whatever it was
      close();
      throw new IOException(
          "webrtc.httpPort %d cannot be had: %s".formatted(connector.getPort(), e.getMessage()), e);
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  int mediaPort() {
    return udp.port();
  }

  /** Ends all sessions. */
  @Override
  public void close() {
    LifeCycle.stop(server);
    try {
      udp.close();
    } catch (IOException e) {
      // nothing is received any more, which is what was wanted
    }
  }

  private static UdpPort udp(InetSocketAddress bind) throws IOException {
    try {
      return new UdpPort(bind);
    } catch (IOException e) {
      throw new IOException(
          "webrtc.port %d cannot be had: %s".formatted(bind.getPort(), e.getMessage()), e);
    }
  }

  private static List<InetAddress> addresses(GatewayConfiguration.Webrtc settings, InetAddress bind)
      throws IOException {
    List<InetAddress> found = new ArrayList<>();
    for (String address : settings.addresses()) {
      found.add(InetAddress.getByName(address));
    }
    if (!found.isEmpty()) {
      return found;
    }
    return bind.isAnyLocalAddress() ? ofThisHost() : List.of(bind);
  }

  private static List<InetAddress> ofThisHost() throws IOException {
    List<InetAddress> found =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLinkLocalAddress())
            .limit(MAX_ADDRESSES)
            .toList();
    return found.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : found;
  }
}
