package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerReaderTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "CAR, flv, flv",
    "PERSON, flv, flv",
    "BOTTLE, flv, flv",
    "CAR, ts, mpegts",
    "PERSON, ts, mpegts",
    "BOTTLE, ts, mpegts"
  })
  void shouldGiveEachAccessUnitWithItsKeys(Clips clip, String extension, String container)
      throws IOException {
    byte[] bytes = muxed(clip, extension);
    Recording recording = new Recording();
    BytesFeed feed = new BytesFeed(bytes);
    ContainerReader reader = ContainerReader.of(feed, container, Deadlines.DEFAULT);

    Ending ending = reader.read(recording);

    assertThat(ending.reason()).isEqualTo(EndReason.CLOSED);
    assertThat(feed.isClosed()).isTrue();
    assertThat(recording.hashes()).isEqualTo(Encodes.hashes(clip.path()));
    assertThat(recording.units().stream().filter(unit -> unit.unit().key())).hasSize(clip.keys());
    assertThat(recording.units()).extracting(unit -> unit.unit().dts()).isSorted();
    assertThat(recording.formats()).hasSize(1);
    assertThat(reader.statistics().accessUnits()).isEqualTo(clip.frames());
    assertThat(reader.statistics().keyFrames()).isEqualTo(clip.keys());
  }

  @Test
  void shouldSayWhenAnAccessUnitArrivedNotWhenItWasGivenOut() throws IOException {
    Recording recording = new Recording();
    BytesFeed feed = new BytesFeed(muxed(Clips.BOTTLE, "ts"));
    ContainerReader.of(feed, "mpegts", Deadlines.DEFAULT).read(recording);

    long arrivedMs = recording.units().get(0).arrivalUs() / 1_000;
    assertThat(System.currentTimeMillis() - arrivedMs)
        .isBetween(BytesFeed.HELD_BACK.toMillis(), BytesFeed.HELD_BACK.toMillis() + 60_000);
  }

  @ParameterizedTest
  @CsvSource({"flv, flv", "ts, mpegts"})
  void shouldEndWithAReasonHoweverTheBytesAreDamaged(String extension, String container)
      throws IOException {
    byte[] whole = Arrays.copyOf(muxed(Clips.BOTTLE, extension), 200_000);
    Random random = new Random(3);
    for (int round = 0; round < 100; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 1 + round * 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      BytesFeed feed = new BytesFeed(Arrays.copyOf(damaged, random.nextInt(damaged.length)));

      Ending ending = ContainerReader.of(feed, container, Deadlines.DEFAULT).read(new Recording());

      assertThat(ending.reason())
          .isIn(EndReason.CLOSED, EndReason.PROTOCOL_ERROR, EndReason.CODEC_UNKNOWN);
      assertThat(feed.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"flv", "mpegts"})
  void shouldEndWithAReasonOnNoise(String container) {
    byte[] noise = new byte[100_000];
    new Random(5).nextBytes(noise);
    Recording recording = new Recording();

    Ending ending =
        ContainerReader.of(new BytesFeed(noise), container, Deadlines.DEFAULT).read(recording);

    assertThat(ending.reason()).isIn(EndReason.CLOSED, EndReason.PROTOCOL_ERROR);
    assertThat(recording.units()).isEmpty();
  }

  @Test
  void shouldNotBeginWhenItWasToldToStop() throws IOException {
    Recording recording = new Recording();
    BytesFeed feed = new BytesFeed(muxed(Clips.CAR, "flv"));
    ContainerReader reader = ContainerReader.of(feed, "flv", Deadlines.DEFAULT);
    reader.stop();

    assertThat(reader.read(recording).reason()).isEqualTo(EndReason.CLOSED);
    assertThat(recording.isOpened()).isFalse();
    assertThat(feed.isClosed()).isTrue();
  }

  /** MPEG-TS cannot say how long a picture above 64 kB is, and FFmpeg cuts such at 200 kB. */
  @Test
  @RequiresPeer("ffmpeg")
  void shouldGiveLargePicturesOfMpegTsWhole() throws Exception {
    Path file = directory.resolve("large.mp4");
    try (PeerProcess ffmpeg =
        PeerProcess.ffmpeg(
            "-f lavfi -i testsrc2=size=1280x720:rate=5:duration=1 -vf noise=alls=100:allf=t"
                + " -c:v libx264 -qp 8 -preset ultrafast -pix_fmt yuv420p "
                + file)) {
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
    byte[] bytes = Files.readAllBytes(Remux.video(file, directory.resolve("large.ts")));
    Recording recording = new Recording();

    ContainerReader.of(new BytesFeed(bytes), "mpegts", Deadlines.DEFAULT).read(recording);

    assertThat(recording.units()).allMatch(unit -> unit.unit().data().length > 300_000);
    assertThat(recording.hashes()).isEqualTo(Encodes.hashes(file));
  }

  private byte[] muxed(Clips clip, String extension) throws IOException {
    return Files.readAllBytes(
        Remux.video(clip.path(), directory.resolve("clip-" + clip + "." + extension)));
  }
}
