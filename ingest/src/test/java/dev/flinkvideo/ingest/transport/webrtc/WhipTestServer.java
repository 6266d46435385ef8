package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.ingest.transport.webrtc.ice.UdpPort;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
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
    this(arrives, InetAddress.getLoopbackAddress());
  }

  /**
   * @param seenAt where publishers are told to send to, if that is not where we are
   */
  WhipTestServer(Predicate<byte[]> arrives, InetAddress seenAt) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    boolean ours = NetworkInterface.getByInetAddress(seenAt) != null;
    udp = new UdpPort(new InetSocketAddress(ours ? seenAt : loopback, 0), arrives);
    udp.start();
    WebRtcPort port =
        new WebRtcPort(udp, DtlsIdentity.create(), List.of(seenAt), MAXIMUM_BITRATE, DEADLINES);
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

  /**
   * A publisher that is gone shows by silence only, and may be called so at once after it. Silence
   * begins when the port hears the last packet, and its picture is stamped by a thread that a busy
   * machine may keep waiting.
   */
  void assertLostInTime(String stream) {
    assertThat(publishers.awaitEnding(stream).reason()).isEqualTo(EndReason.LOST);
    assertThat(publishers.silence(stream))
        .isBetween(
            DEADLINES.nextUnit().minus(Recording.GRACE),
            DEADLINES.nextUnit().plus(Recording.GRACE));
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
