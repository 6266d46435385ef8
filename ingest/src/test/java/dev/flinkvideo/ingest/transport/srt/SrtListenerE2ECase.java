package dev.flinkvideo.ingest.transport.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.ingest.transport.SrtOptions;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real encoders publish over SRT to one port, and leave it in every way there is. */
@RequiresPeer({"ffmpeg", "srt-live-transmit"})
class SrtListenerE2ECase {
  private static final Deadlines DEADLINES =
      new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1));

  /** What is under way comes after its latency, then silence is waited out. */
  private static final Duration STALLED_WITHIN =
      DEADLINES.nextUnit().plus(SrtOptions.DEFAULT_LATENCY).plus(Recording.GRACE);

  /** libsrt gives nobody up before the 17th of its timers of 300 ms, whatever it is told. */
  private static final Duration LOST_WITHIN =
      Duration.ofMillis(17 * 300).plus(SrtOptions.DEFAULT_LATENCY).plus(Recording.GRACE);

  private static final String SECRET = "a-pass-phrase";

  @TempDir Path directory;

  private final Publishers publishers = new Publishers();
  private SrtListener listener;

  @BeforeEach
  void listen() throws IOException {
    listen(DEADLINES);
  }

  @AfterEach
  void close() {
    listener.close();
  }

  private void listen(Deadlines deadlines) throws IOException {
    listen(deadlines, new PeerLimits(16, 16));
  }

  private void listen(Deadlines deadlines, PeerLimits limits) throws IOException {
    listener =
        new SrtListener(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            SrtOptions.DEFAULT_LATENCY,
            new FakeGate("cam", SECRET),
            publishers,
            limits,
            deadlines);
    listener.start();
  }

  @ParameterizedTest
  @CsvSource({
    "h264, libx264 -bf 2 -x264-params log-level=error",
    "hevc, libx265 -x265-params log-level=error"
  })
  void shouldGiveEachAccessUnitOnceAndInOrder(String codec, String encoder) throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), encoder);
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(Encodes.playTs(file, url("cam1", SECRET)))) {
      Ending ending = publishers.awaitEnding("cam1");

      Recording recording = publishers.recording("cam1");
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(recording.hashes()).isEqualTo(Encodes.hashes(file));
      assertThat(recording.formats()).hasSize(1);
      assertThat(recording.formats().get(0).codec()).isEqualTo(codec);
      assertThat(recording.units().stream().filter(unit -> unit.unit().key())).hasSize(3);
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
      assertThat(publishers.refusals()).isEmpty();
    }
  }

  @Test
  void shouldTakeWhatSrtLiveTransmitRelays() throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), "libx264");
    int port = FreePort.udp();
    String from = "udp://127.0.0.1:%d".formatted(port);
    String to = "srt://127.0.0.1:%d?streamid=cam2&passphrase=%s".formatted(listener.port(), SECRET);
    try (PeerProcess relay = PeerProcess.start("srt-live-transmit", from, to);
        PeerProcess ffmpeg = PeerProcess.ffmpeg(Encodes.playTs(file, from + "?pkt_size=1316"))) {
      List<Long> sent = Encodes.hashes(file);
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
      // The last picture is whole only when the stream ends, for MPEG-TS says no sizes.
      publishers.awaitUnits("cam2", sent.size() - 1);
      relay.terminate();

      assertThat(publishers.awaitEnding("cam2").reason()).isEqualTo(EndReason.CLOSED);
      assertThat(publishers.recording("cam2").hashes()).isEqualTo(sent);
    }
  }

  @Test
  void shouldTakeManyStreamsOnOnePort() throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), "libx264");
    String play = Encodes.playTs(file, "");
    try (PeerProcess one = PeerProcess.ffmpeg(play + url("cam1", SECRET));
        PeerProcess two = PeerProcess.ffmpeg(play + url("#!::r=cam2,m=publish", SECRET))) {
      publishers.awaitEnding("cam1");
      publishers.awaitEnding("cam2");

      assertThat(publishers.recording("cam1").hashes()).isEqualTo(Encodes.hashes(file));
      assertThat(publishers.recording("cam2").hashes()).isEqualTo(Encodes.hashes(file));
      assertThat(one.await() + two.await()).isZero();
    }
  }

  @Test
  void shouldMeasureTheLink() throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("cam1"))) {
      publishers.awaitUnits("cam1", 30);

      LinkStatistics link = publishers.transport("cam1").statistics().link().orElseThrow();
      assertThat(link.received()).isPositive();
      assertThat(link.roundTripMs()).isBetween(0.001, 500.0);
      assertThat(link.lost()).isZero();
      assertThat(link.dropped()).isZero();
      ffmpeg.kill();
    }
  }

  @Test
  void shouldSayStalledWhenThePublisherFallsSilent() throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("cam1"))) {
      publishers.awaitUnits("cam1", 10);
      ffmpeg.freeze();
      Instant frozen = Instant.now();

      assertThat(publishers.awaitEnding("cam1").reason()).isEqualTo(EndReason.STALLED);
      assertThat(publishers.endedAfter("cam1", frozen)).isLessThan(STALLED_WITHIN);
    }
  }

  @Test
  void shouldSayClosedWhenThePublisherEndsOnAWish() throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("cam1"))) {
      publishers.awaitUnits("cam1", 10);
      ffmpeg.terminate();

      assertThat(publishers.awaitEnding("cam1").reason()).isEqualTo(EndReason.CLOSED);
    }
  }

  @Test
  void shouldSayLostWhenThePublisherIsKilled() throws Exception {
    listener.close();
    listen(new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20)));
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("cam1"))) {
      publishers.awaitUnits("cam1", 10);
      ffmpeg.kill();
      Instant killed = Instant.now();

      assertThat(publishers.awaitEnding("cam1").reason()).isEqualTo(EndReason.LOST);
      assertThat(publishers.endedAfter("cam1", killed)).isLessThan(LOST_WITHIN);
    }
  }

  @Test
  void shouldSayStalledWhenARelayFallsSilent() throws Exception {
    try (Relayed relayed = new Relayed()) {
      publishers.awaitUnits("cam2", 10);
      relayed.relay().freeze();
      Instant frozen = Instant.now();

      assertThat(publishers.awaitEnding("cam2").reason()).isEqualTo(EndReason.STALLED);
      assertThat(publishers.endedAfter("cam2", frozen)).isLessThan(STALLED_WITHIN);
    }
  }

  @Test
  void shouldSayLostWhenARelayIsKilled() throws Exception {
    listener.close();
    listen(new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20)));
    try (Relayed relayed = new Relayed()) {
      publishers.awaitUnits("cam2", 10);
      relayed.relay().kill();
      Instant killed = Instant.now();

      assertThat(publishers.awaitEnding("cam2").reason()).isEqualTo(EndReason.LOST);
      assertThat(publishers.endedAfter("cam2", killed)).isLessThan(LOST_WITHIN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stranger", "#!::r=cam1,m=request", "#!::m=publish"})
  void shouldRefuseAWrongStreamId(String streamId) throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live(streamId))) {
      assertThat(publishers.awaitRefusal().reason()).isEqualTo(EndReason.UNAUTHORISED);
      assertThat(ffmpeg.await()).isNotZero();
    }
  }

  @Test
  void shouldRefuseAWrongPassphrase() throws Exception {
    String play = Encodes.playTs(Clips.CAR.path(), "");
    try (PeerProcess wrong = PeerProcess.ffmpeg(play + url("cam1", "another-pass-phrase"));
        PeerProcess none = PeerProcess.ffmpeg(play + url("cam1", ""))) {
      assertThat(wrong.await()).isNotZero();
      assertThat(none.await()).isNotZero();
      assertThat(publishers.recording("cam1").isOpened()).isFalse();
      await().until(() -> publishers.refusals().size() >= 2);
      assertThat(publishers.refusals())
          .extracting(Ending::reason)
          .containsOnly(EndReason.UNAUTHORISED);
    }
  }

  @Test
  void shouldRefuseOneTooManyBeforeItsPassphraseIsLookedAt() throws Exception {
    listener.close();
    listen(DEADLINES, new PeerLimits(1, 1));
    String play = Encodes.playTs(Clips.CAR.path(), "");
    try (PeerProcess first = PeerProcess.ffmpeg(live("cam1"))) {
      publishers.awaitUnits("cam1", 1);
      try (PeerProcess wrong = PeerProcess.ffmpeg(play + url("cam2", "another-pass-phrase"))) {
        assertThat(wrong.await()).isNotZero();
        assertThat(publishers.awaitRefusal().reason()).isEqualTo(EndReason.REFUSED);
      }
      first.kill();
    }
  }

  /** ffmpeg, and srt-live-transmit between it and us. */
  private final class Relayed implements AutoCloseable {
    private final PeerProcess relay;
    private final PeerProcess ffmpeg;

    Relayed() throws IOException {
      String from = "udp://127.0.0.1:%d".formatted(FreePort.udp());
      String to = "srt://127.0.0.1:%d?streamid=cam2&passphrase=%s";
      relay = PeerProcess.start("srt-live-transmit", from, to.formatted(listener.port(), SECRET));
      ffmpeg = PeerProcess.ffmpeg(Encodes.playTs(Clips.PERSON.path(), from + "?pkt_size=1316"));
    }

    PeerProcess relay() {
      return relay;
    }

    @Override
    public void close() throws IOException {
      relay.close();
      ffmpeg.close();
    }
  }

  private String live(String streamId) {
    return Encodes.playTs(Clips.PERSON.path(), url(streamId, SECRET));
  }

  private String url(String streamId, String passphrase) {
    String options = "-srt_streamid %s %s".formatted(streamId, encryption(passphrase));
    return options + "srt://127.0.0.1:" + listener.port();
  }

  private static String encryption(String passphrase) {
    return passphrase.isEmpty() ? "" : "-passphrase " + passphrase + " ";
  }
}
