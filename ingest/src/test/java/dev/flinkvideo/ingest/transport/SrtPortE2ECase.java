package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ffmpeg publishes to a port that libavformat holds by itself. */
@RequiresPeer("ffmpeg")
class SrtPortE2ECase {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Deadlines DEADLINES = new Deadlines(SECOND, SECOND.multipliedBy(5), SECOND);
  private static final String SECRET = "a-pass-phrase";

  @TempDir Path directory;

  private final Publishers publishers = new Publishers();
  private final PeerLimits peers = new PeerLimits(1, 1);
  private int number;
  private SrtPort port;

  @BeforeEach
  void listen() throws IOException {
    listen(new FakeGate("lobby", SECRET));
  }

  @AfterEach
  void close() {
    port.close();
  }

  private void listen(PublisherGate gate) throws IOException {
    number = FreePort.udp();
    InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
    SrtOptions options = new SrtOptions("lobby", SECRET, SrtOptions.DEFAULT_LATENCY);
    port = new SrtPort(bind, options, gate, publishers, peers, DEADLINES);
    port.start();
  }

  @Test
  void shouldGiveEachAccessUnitOnceAndInOrder() throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), "libx264 -bf 2");
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(Encodes.playTs(file, url(SECRET)))) {
      assertThat(publishers.awaitEnding("lobby").reason()).isEqualTo(EndReason.CLOSED);
      assertThat(publishers.recording("lobby").hashes()).isEqualTo(Encodes.hashes(file));
      assertThat(ffmpeg.await()).isZero();
    }
  }

  @Test
  void shouldTakeTheNextPublisherAfterOneThatFellSilent() throws Exception {
    try (PeerProcess first = PeerProcess.ffmpeg(live());
        PeerProcess second = PeerProcess.ffmpeg(live())) {
      publishers.awaitUnits("lobby", 10);
      first.kill(); // or the other one, whichever was let in
      second.kill();
      assertThat(publishers.awaitEnding("lobby").reason()).isEqualTo(EndReason.STALLED);
    }
    int before = publishers.recording("lobby").units().size();
    try (PeerProcess third = PeerProcess.ffmpeg(live())) {
      publishers.awaitUnits("lobby", before + 10);
      third.kill();
    }
  }

  @Test
  void shouldHangUpOnWhomTheGateRefuses() throws Exception {
    port.close();
    listen(new FakeGate("another", SECRET));
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live())) {
      assertThat(publishers.awaitRefusal().reason()).isEqualTo(EndReason.UNAUTHORISED);
      assertThat(ffmpeg.await()).as(ffmpeg::output).isNotZero();
    }
    assertThat(peers.total()).isZero();
  }

  @Test
  void shouldLetInNoMoreThanTheLimitOfAll() throws Exception {
    peers.enter(InetAddress.getLoopbackAddress());
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live())) {
      assertThat(publishers.awaitRefusal())
          .isEqualTo(new Ending(EndReason.REFUSED, "too many connections"));
      assertThat(ffmpeg.await()).as(ffmpeg::output).isNotZero();
    }
    peers.leave(InetAddress.getLoopbackAddress());
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live())) {
      publishers.awaitUnits("lobby", 10);
      ffmpeg.kill();
    }
  }

  private String live() {
    return Encodes.playTs(Clips.PERSON.path(), url(SECRET));
  }

  private String url(String passphrase) {
    return "-passphrase %s srt://127.0.0.1:%d".formatted(passphrase, number);
  }
}
