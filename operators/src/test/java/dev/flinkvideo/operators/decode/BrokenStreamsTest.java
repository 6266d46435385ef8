package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a broken access unit shows is a function of the prefix, whatever the decoder saw before:
 * every sixth access unit of a clip is cut off, overwritten or has bits flipped, and a decoder that
 * is closed again and again shows what one does that never is. {@code -Dstreams=500} tries more of
 * them; of H.264 about one in 150 differs then, where libavcodec does not notice that anything is
 * broken (docs/recovery.md).
 */
class BrokenStreamsTest {
  private static final int STREAMS = Integer.getInteger("streams", 10);
  private static final long POOL_BYTES = 48 << 20;
  private static final String SESSION = "s";
  private static final long UNIT_TICKS = 80;
  private static final int ONE_BROKEN_OF = 6;

  private static DecodeHarness harness;

  @BeforeAll
  static void open() throws Exception {
    Configuration options = new Configuration();
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    options.set(DecodeOptions.MAX_SUSPENSIONS, 1_000_000);
    harness = DecodeHarness.open(options, POOL_BYTES);
    harness.process(new Admitted.Idle("another"));
  }

  @AfterAll
  static void close() {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h264-420-8.mp4",
        "h264-annexb.h264",
        "h264-interlaced.ts",
        "h264-420-10.mp4",
        "hevc-420-8.mp4",
        "hevc-420-10.mp4",
        "vp8-420-8.webm",
        "vp9-420-8.webm",
        "av1-420-8.mp4"
      })
  void shouldShowTheSameOfABrokenStreamHoweverOftenItComesBack(String file) throws Exception {
    Clip clip = Clip.read(Clip.CLIPS.resolve(file));
    for (int seed = 0; seed < STREAMS; seed++) {
      Random random = new Random(seed);
      List<EncodedUnit> units = broken(clip.units(), random);
      List<String> expected = seen(clip.format(), units, random, /* comingBack= */ 0);
      assertThat(seen(clip.format(), units, random, /* comingBack= */ 1))
          .as("%s seed=%d, coming back after each access unit", file, seed)
          .isEqualTo(expected);
      assertThat(seen(clip.format(), units, random, /* comingBack= */ 0.2))
          .as("%s seed=%d, coming back now and then", file, seed)
          .isEqualTo(expected);
    }
  }

  /** The clip, twice. */
  private static List<EncodedUnit> broken(List<EncodedUnit> whole, Random random) {
    List<EncodedUnit> units = new ArrayList<>();
    for (int i = 0; i < 2 * whole.size(); i++) {
      EncodedUnit unit = whole.get(i % whole.size());
      byte[] data =
          random.nextInt(ONE_BROKEN_OF) == 0 ? broken(unit.data().clone(), random) : unit.data();
      units.add(new EncodedUnit(data, i * UNIT_TICKS, i * UNIT_TICKS, unit.key(), 0));
    }
    return units;
  }

  private static byte[] broken(byte[] data, Random random) {
    int at = random.nextInt(data.length);
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          data[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
      }
      case 1 -> {
        return Arrays.copyOf(data, at);
      }
      case 2 -> {
        for (int i = at; i < Math.min(data.length, at + 64); i++) {
          data[i] = (byte) random.nextInt();
        }
      }
      default -> {
        int missing = Math.min(random.nextInt(32), data.length - at);
        System.arraycopy(data, at + missing, data, at, data.length - at - missing);
        return Arrays.copyOf(data, data.length - missing);
      }
    }
    return data;
  }

  /**
   * @param comingBack after how many of the access units the decoder is closed
   */
  private static List<String> seen(
      StreamFormat format, List<EncodedUnit> units, Random random, double comingBack)
      throws Exception {
    for (int i = 0; i < units.size(); i++) {
      harness.process(DecodeHarness.media(DecodeHarness.segment(SESSION, format, i, units.get(i))));
      if (random.nextDouble() < comingBack) {
        harness.suspend();
      }
    }
    return harness.end(SESSION).stream()
        .map(frame -> frame.sequence() + " " + frame.damaged() + " " + frame.md5())
        .toList();
  }
}
