package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real encoders publish to the RTMP listener, and leave it in every way there is. */
@RequiresPeer("ffmpeg")
class RtmpListenerE2ECase {
  private static final Deadlines DEADLINES =
      new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1));

  @TempDir Path directory;

  private final Publishers publishers = new Publishers();
  private RtmpListener listener;

  @BeforeEach
  void listen() throws IOException {
    listener =
        new RtmpListener(
            new ServerSocket(0, 16, InetAddress.getLoopbackAddress()),
            new FakeGate("live/", "sesame"),
            publishers,
            new PeerLimits(16, 16),
            new PeerLimits(16, 16),
            DEADLINES);
    listener.start();
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  @ParameterizedTest
  @EnumSource(Clips.class)
  void shouldGiveEachAccessUnitOnceAndInOrder(Clips clip) throws Exception {
    try (PeerProcess ffmpeg =
        PeerProcess.ffmpeg("-i %s -c copy -f flv %s".formatted(clip.path(), url("one")))) {
      Ending ending = publishers.awaitEnding("live/one");

      Recording recording = publishers.recording("live/one");
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(recording.hashes()).isEqualTo(Encodes.hashes(clip.path()));
      assertThat(recording.units().stream().filter(unit -> unit.unit().key())).hasSize(clip.keys());
      assertThat(recording.units()).extracting(unit -> unit.unit().dts()).isSorted();
      assertThat(recording.units()).extracting(LiveUnit::durationTicks).doesNotContain(-1L);
      assertThat(recording.formats()).hasSize(1);
      assertThat(recording.formats().get(0).configuration()).startsWith(1);
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hevc, libx265 -x265-params log-level=error",
    "vp9, libvpx-vp9 -deadline realtime",
    "av1, libsvtav1 -preset 12"
  })
  void shouldTakeTheCodecsOfEnhancedRtmp(String codec, String encoder) throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), encoder);

    try (PeerProcess ffmpeg =
        PeerProcess.newerFfmpeg("-i %s -c copy -f flv %s".formatted(file, url("new")))) {
      Ending ending = publishers.awaitEnding("live/new");

      Recording recording = publishers.recording("live/new");
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(recording.formats()).hasSize(1);
      assertThat(recording.formats().get(0).codec()).isEqualTo(codec);
      assertThat(recording.hashes()).isEqualTo(Encodes.hashes(file));
      assertThat(recording.units().get(0).unit().key()).isTrue();
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
  }

  @Test
  void shouldSayLostWhenThePublisherIsKilled() throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("killed"))) {
      publishers.awaitUnits("live/killed", 10);
      ffmpeg.kill();

      assertThat(publishers.awaitEnding("live/killed").reason()).isEqualTo(EndReason.LOST);
      assertThat(publishers.silence("live/killed")).isLessThan(Recording.GRACE);
    }
  }

  @Test
  void shouldSayStalledWhenThePublisherFallsSilent() throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("frozen"))) {
      publishers.awaitUnits("live/frozen", 10);
      ffmpeg.freeze();

      assertThat(publishers.awaitEnding("live/frozen"))
          .isEqualTo(new Ending(EndReason.STALLED, "no picture for 1000 ms"));
      assertThat(publishers.silence("live/frozen"))
          .isBetween(DEADLINES.nextUnit(), DEADLINES.nextUnit().plus(Recording.GRACE));
    }
  }

  @Test
  void shouldSayClosedWhenThePublisherEndsOnAWish() throws Exception {
    try (PeerProcess ffmpeg = PeerProcess.ffmpeg(live("ended"))) {
      publishers.awaitUnits("live/ended", 10);
      ffmpeg.terminate();

      assertThat(publishers.awaitEnding("live/ended").reason()).isEqualTo(EndReason.CLOSED);
    }
  }

  @Test
  void shouldSayThatThereIsNoVideo() throws Exception {
    try (PeerProcess ffmpeg =
        PeerProcess.ffmpeg(
            "-re -f lavfi -i sine=sample_rate=44100 -c:a aac -f flv " + url("sound"))) {
      assertThat(publishers.awaitEnding("live/sound").reason()).isEqualTo(EndReason.NO_VIDEO);
      ffmpeg.kill();
    }
  }

  @Test
  void shouldNameACodecThatNobodyDecodes() throws Exception {
    try (PeerProcess ffmpeg =
        PeerProcess.ffmpeg("-re -f lavfi -i testsrc2 -c:v flv1 -f flv " + url("old"))) {
      Ending ending = publishers.awaitEnding("live/old");

      assertThat(ending.reason()).isEqualTo(EndReason.CODEC_UNKNOWN);
      assertThat(ending.detail()).startsWith("codec=flv1, send one of ");
      ffmpeg.kill();
    }
  }

  @ParameterizedTest
  @CsvSource({"live/one?key=wrong", "live/one", "studio/one?key=sesame"})
  void shouldRefuseAWrongKeyOrApplication(String path) throws Exception {
    String url = "rtmp://127.0.0.1:%d/%s".formatted(listener.port(), path);
    try (PeerProcess ffmpeg =
        PeerProcess.ffmpeg("-i %s -c copy -f flv %s".formatted(Clips.CAR.path(), url))) {
      assertThat(ffmpeg.await()).isNotZero();
      Ending refusal = publishers.awaitRefusal();

      assertThat(refusal.reason()).isEqualTo(EndReason.UNAUTHORISED);
      assertThat(refusal.detail()).doesNotContain("sesame");
    }
  }

  private String live(String publisher) {
    return "-re -stream_loop -1 -i %s -c copy -f flv %s"
        .formatted(Clips.PERSON.path(), url(publisher));
  }

  private String url(String publisher) {
    return "rtmp://127.0.0.1:%d/live/%s?key=sesame".formatted(listener.port(), publisher);
  }
}
