package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.gateway.SessionSide;
import dev.flinkvideo.jobs.gateway.SrtServer;
import dev.flinkvideo.peers.RequiresPeer;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateways as processes of their own. */
@RequiresPeer("ffmpeg")
@Timeout(240)
class IngestE2ECase {
  private static final Path CLIP =
      Path.of(
          System.getProperty("project.root", ".."), "jobs/footage/one-by-one-person-detection.mp4");

  @TempDir private Path directory;

  @Test
  void shouldTakeOverFromAGatewayThatIsKilledAndEndCleanly() throws Exception {
    SourceSpecification source =
        SourceSpecification.pull("srt", SourceTransport.SRT, "srt://127.0.0.1:" + freeUdpPort());
    Process server = SrtServer.start(CLIP, source.endpoint());
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        Launched first = gateway("first", broker);
        SessionSide side = new SessionSide(broker.bootstrap())) {
      side.open("lobby", new DesiredConnection(source, 1, 1000L, Role.LIVE, null, null));
      ConnectionReport live = side.awaitReport("lobby", ReportKind.LIVE);
      assertThat(live.gateway()).isEqualTo("first");
      try (Launched second = gateway("second", broker)) {
        first.kill();

        ConnectionReport taken =
            side.awaitReport(
                report -> report.kind() == ReportKind.LIVE && report.gateway().equals("second"));
        assertThat(taken.connection()).isEqualTo(1);
        assertThat(taken.openedAtMs()).isGreaterThan(live.openedAtMs());

        second.interrupt();
        second.assertEndsCleanly();
        side.awaitReport(
            report -> report.kind() == ReportKind.CLOSED && report.gateway().equals("second"));
      }
    } finally {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
    }
  }

  @Test
  void shouldRefuseAConfigurationWithAnUnknownKey() throws Exception {
    Path config = Files.writeString(directory.resolve("ingest.yaml"), "rtmp: {prot: 1935}\n");
    try (Launched ingest = Launched.start(directory, "ingest", "--config", config.toString())) {
      ingest.assertFails(2, "unknown key 'prot'");
    }
  }

  private Launched gateway(String name, EmbeddedBroker broker) throws IOException {
    String yaml =
        """
        name: %s
        bind: 127.0.0.1
        rtmp: {port: 0}
        srt: {port: 0}
        webrtc: {port: 0, httpPort: 0}
        http: {port: 0}
        timeouts: {connectMs: 20000}
        """
            .formatted(name);
    Path config = Files.writeString(directory.resolve(name + ".yaml"), yaml);
    Launched gateway =
        Launched.start(
            directory, "ingest", "--config", config.toString(), "--bootstrap", broker.bootstrap());
    gateway.awaitLine("gateway ready on kafka");
    return gateway;
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
