package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.ingest.transport.SrtOptions;
import dev.flinkvideo.ingest.transport.SrtPort;
import dev.flinkvideo.ingest.transport.srt.SrtListener;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With {@code config/ingest.yaml} as it is, an SRT publisher that is killed is lost, not late. */
@RequiresPeer("ffmpeg")
class ShippedDeadlinesE2ECase {
  private static final Path SHIPPED =
      Path.of(System.getProperty("project.root"), "config", "ingest.yaml");
  private static final String SECRET = "a-pass-phrase";
  private static final PeerLimits PEERS = new PeerLimits(16, 16);
  private static final Duration AT_ONCE = Duration.ofSeconds(3);

  /** Who takes SRT, by its own library. */
  private enum By {
    LIBSRT {
      @Override
      AutoCloseable listen(InetSocketAddress bind, Publishers publishers, Deadlines deadlines)
          throws IOException {
        SrtListener listener =
            new SrtListener(bind, SrtOptions.DEFAULT_LATENCY, gate(), publishers, PEERS, deadlines);
        listener.start();
        return listener;
      }
    },
    FFMPEG {
      @Override
      AutoCloseable listen(InetSocketAddress bind, Publishers publishers, Deadlines deadlines) {
        SrtOptions options = new SrtOptions("cam", SECRET, SrtOptions.DEFAULT_LATENCY);
        SrtPort port = new SrtPort(bind, options, gate(), publishers, PEERS, deadlines);
        port.start();
        return port;
      }
    };

    abstract AutoCloseable listen(
        InetSocketAddress bind, Publishers publishers, Deadlines deadlines) throws IOException;

    private static FakeGate gate() {
      return new FakeGate("cam", SECRET);
    }
  }

  private final Publishers publishers = new Publishers();
  private Deadlines deadlines;
  private int number;
  private AutoCloseable port;

  @BeforeEach
  void read() throws IOException {
    deadlines = GatewayConfiguration.read(SHIPPED).timeouts().toDeadlines();
    number = FreePort.udp();
  }

  @AfterEach
  void close() throws Exception {
    port.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayLostWhenAnSrtPublisherIsKilled(By by) throws Exception {
    try (PeerProcess ffmpeg = publish(by)) {
      publishers.awaitUnits("cam", 10);
      ffmpeg.kill();
      Instant killed = Instant.now();

      assertThat(publishers.awaitEnding("cam").reason()).isEqualTo(EndReason.LOST);
      assertThat(publishers.endedAfter("cam", killed)).isLessThan(deadlines.nextUnit());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayClosedWhenAnSrtPublisherEnds(By by) throws Exception {
    try (PeerProcess ffmpeg = publish(by)) {
      publishers.awaitUnits("cam", 10);
      ffmpeg.terminate();
      Instant ended = Instant.now();

      assertThat(publishers.awaitEnding("cam").reason()).isEqualTo(EndReason.CLOSED);
      assertThat(publishers.endedAfter("cam", ended)).isLessThan(AT_ONCE);
    }
  }

  private PeerProcess publish(By by) throws IOException {
    InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
    port = by.listen(bind, publishers, deadlines);
    String target = "-srt_streamid cam -passphrase %s srt://127.0.0.1:%d".formatted(SECRET, number);
    return PeerProcess.ffmpeg(Encodes.playTs(Clips.PERSON.path(), target));
  }
}
