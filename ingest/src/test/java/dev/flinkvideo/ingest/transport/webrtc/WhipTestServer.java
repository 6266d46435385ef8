package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.ingest.transport.webrtc.ice.UdpPort;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** A real endpoint on loopback that lets in {@code live/...} with the token {@code sesame}. */
final class WhipTestServer implements AutoCloseable {
  static final String TOKEN = "sesame";
  static final int MAX_SESSIONS = 4;
  static final Deadlines DEADLINES =
      new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(3));
  private static final long MAXIMUM_BITRATE = 2_000_000;

  final Publishers publishers = new Publishers();
  private final UdpPort udp;
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  WhipTestServer() throws Exception {
    this(datagram -> true);
  }

  /**
   * @param arrives false loses the datagram
   */
  WhipTestServer(Predicate<byte[]> arrives) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    udp = new UdpPort(new InetSocketAddress(loopback, 0), arrives);
    udp.start();
    WebRtcPort port =
        new WebRtcPort(udp, DtlsIdentity.create(), List.of(loopback), MAXIMUM_BITRATE, DEADLINES);
    connector.setHost(loopback.getHostAddress());
    server.addConnector(connector);
    server.setHandler(
        new Handler.Sequence(
            new WhipHandler(
                port,
                new FakeGate("live/", TOKEN),
                publishers,
                new PeerLimits(MAX_SESSIONS, MAX_SESSIONS)),
            new PublishPage()));
    server.start();
  }

  int udpPort() {
    return udp.port();
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(connector.getLocalPort(), path));
  }

  @Override
  public void close() throws IOException {
    LifeCycle.stop(server);
    udp.close();
  }
}
