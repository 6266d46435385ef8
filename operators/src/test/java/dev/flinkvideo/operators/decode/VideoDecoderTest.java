package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.MallocFrameMemory;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VideoDecoderTest {
  private static final int EVERY_UNIT = Integer.MAX_VALUE;

  private final FramePool pool = new FramePool(new MallocFrameMemory(64 << 20));
  private final PictureDigest digest = new PictureDigest();

  static Stream<Path> clips() {
    return Clip.all();
  }

  @AfterEach
  void shouldHaveGivenEverythingBack() {
    assertThat(pool.leasedBytes()).isZero();
    pool.close();
  }

  @ParameterizedTest
  @MethodSource("clips")
  void shouldDecodeEveryCodecAndFormatAsFfmpegDoes(Path file) throws Exception {
    assertThat(decode(Clip.read(file), EVERY_UNIT)).isEqualTo(Clip.expectedMd5(file));
  }

  @ParameterizedTest
  @CsvSource({
    "car-detection.mp4, 377",
    "one-by-one-person-detection.mp4, 1394",
    "bottle-detection.mp4, 1189"
  })
  void shouldDecodeEveryPictureOfRealFootage(String clip, int pictures) throws Exception {
    assertThat(decode(Clip.read(Clip.FOOTAGE.resolve(clip)), EVERY_UNIT)).hasSize(pictures);
  }

  @ParameterizedTest
  @MethodSource("clips")
  void shouldSurviveLossTruncationAndNoise(Path file) throws Exception {
    Clip clip = Clip.read(file);
    for (int seed = 0; seed < 20; seed++) {
      Clip damaged = new Clip(clip.format(), damage(clip.units(), new Random(seed)));
      assertThat(decode(damaged, EVERY_UNIT)).hasSizeLessThanOrEqualTo(2 * clip.units().size());
      assertThat(pool.leasedBytes()).isZero();
      assertThat(pool.framesOutstanding()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("clips")
  void shouldGiveEverythingBackWhenClosedAnywhere(Path file) throws Exception {
    Clip clip = Clip.read(file);
    for (int units = 0; units < clip.units().size(); units += 3) {
      decode(clip, units);
      assertThat(pool.leasedBytes()).isZero();
    }
  }

  @Test
  void shouldCountAnEmptyAccessUnitAsCorrupt() throws Exception {
    Clip clip = Clip.read(Clip.CLIPS.resolve("h264-420-8.mp4"));
    try (VideoDecoder decoder = new VideoDecoder(clip.format(), pool, "s")) {
      assertThat(decoder.send(ByteBuffer.allocate(0), 0, 0, true, 1)).isEqualTo(Outcome.CORRUPT);
      assertThat(decoder.corruptUnits()).isEqualTo(1);
    }
  }

  @Test
  void shouldSayThatAPictureIsLargerThanTheWholePool() throws Exception {
    Clip clip = Clip.read(Clip.CLIPS.resolve("hevc-420-8.mp4"));
    EncodedUnit first = clip.units().get(0);
    try (FramePool small = new FramePool(new MallocFrameMemory(256 << 10));
        VideoDecoder decoder = new VideoDecoder(clip.format(), small, "s")) {
      assertThat(send(decoder, first, 1)).isEqualTo(Outcome.LARGER_THAN_POOL);
      assertThat(decoder.exhaustion()).contains("requestedBytes=").contains("poolBytes=");
      assertThat(small.leasedBytes()).isZero();
    }
  }

  @Test
  void shouldRefuseWhatItCannotDecode() {
    StreamFormat unknown = new StreamFormat("no-such-codec", new byte[0], 1, 25);
    assertThatThrownBy(() -> new VideoDecoder(unknown, pool, "s"))
        .isInstanceOf(UnsupportedStreamException.class)
        .hasMessageContaining("no-such-codec");
    StreamFormat audio = new StreamFormat("aac", new byte[0], 1, 25);
    assertThatThrownBy(() -> new VideoDecoder(audio, pool, "s"))
        .isInstanceOf(UnsupportedStreamException.class);
  }

  @Test
  void shouldReportAPixelFormatThatCannotBeJudged() throws Exception {
    StreamFormat raw = new StreamFormat("rawvideo", new byte[0], 1, 25);
    assertThatThrownBy(() -> new VideoDecoder(raw, pool, "s").close())
        .isInstanceOf(UnsupportedStreamException.class);
  }

  private List<String> decode(Clip clip, int units) throws Exception {
    List<String> md5 = new ArrayList<>();
    try (VideoDecoder decoder = new VideoDecoder(clip.format(), pool, "session")) {
      long tag = 1;
      for (EncodedUnit unit : clip.units()) {
        if (tag > units) {
          return md5;
        }
        send(decoder, unit, tag++);
        receive(decoder, md5);
      }
      decoder.drain();
      receive(decoder, md5);
    }
    return md5;
  }

  private static Outcome send(VideoDecoder decoder, EncodedUnit unit, long tag) {
    return decoder.send(ByteBuffer.wrap(unit.data()), unit.pts(), unit.dts(), unit.key(), tag);
  }

  private void receive(VideoDecoder decoder, List<String> md5) {
    for (DecodedFrame next; (next = decoder.receive()) != null; ) {
      try (DecodedFrame frame = next) {
        md5.add(digest.md5(frame.frame()));
      }
    }
  }

  private static List<EncodedUnit> damage(List<EncodedUnit> units, Random random) {
    List<EncodedUnit> damaged = new ArrayList<>();
    for (EncodedUnit unit : units) {
      byte[] data = unit.data().clone();
      switch (random.nextInt(6)) {
        case 0 -> {
          continue;
        }
        case 1 -> data = Arrays.copyOf(data, random.nextInt(data.length));
        case 2 -> {
          for (int i = 0; i < 1 + data.length / 50; i++) {
            data[random.nextInt(data.length)] = (byte) random.nextInt();
          }
        }
        case 3 -> random.nextBytes(data);
        default -> {}
      }
      damaged.add(new EncodedUnit(data, unit.pts(), unit.dts(), unit.key(), 0));
    }
    return damaged;
  }
}
