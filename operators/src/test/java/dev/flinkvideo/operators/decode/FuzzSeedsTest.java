package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What fuzzing starts from is of real clips. {@code -Dregenerate=true} writes the seeds anew; other
 * files beside them are inputs that found something once.
 */
class FuzzSeedsTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final Path DECODE = inputs("operators", "operators/decode/DecodeFuzzTest/decode");
  private static final Path PREFIX =
      inputs("operators", "operators/decode/PrefixCodecFuzzTest/read");
  private static final Path SEGMENTS = inputs("protocol", "protocol/SegmentsFuzzTest/read");
  private static final int UNITS = 10;

  @Test
  void shouldBeginWithTheFirstPicturesOfEveryCodec() throws Exception {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (int clip = 0; clip < FuzzedStream.CLIPS.size(); clip++) {
      seeds.put(FuzzedStream.CLIPS.get(clip), FuzzedStream.of(clip, UNITS).write());
    }
    assertSeeds(DECODE, seeds);
  }

  @Test
  void shouldBeginWithPrefixesOfEveryCodec() throws Exception {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (String clip : FuzzedStream.CLIPS) {
      List<SentUnit> units = new ArrayList<>();
      for (EncodedUnit unit : Clip.read(Clip.CLIPS.resolve(clip)).units().subList(0, UNITS / 2)) {
        EncodedPicture picture =
            new EncodedPicture("file", 1, 2, 3, units.size(), unit.key(), unit.pts(), 5, 6, 7, 8);
        units.add(new SentUnit(picture, ByteBuffer.wrap(unit.data()), unit.dts(), false));
      }
      seeds.put(clip, PrefixCodec.write(units));
    }
    assertSeeds(PREFIX, seeds);
  }

  @Test
  void shouldBeginWithSegmentsOfEveryCodec() throws Exception {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (String clip : FuzzedStream.CLIPS) {
      List<Segment> segments = DecodeHarness.segments(clip, "s", 1);
      seeds.put(clip, Segments.write(segments.get(1)));
      Segment part = segments.get(0).toBuilder().setPart(0).setParts(2).build();
      seeds.put(clip + "-part", Segments.write(part));
    }
    assertSeeds(SEGMENTS, seeds);
  }

  private static Path inputs(String module, String target) {
    Path method = ROOT.resolve(module + "/src/test/resources/dev/flinkvideo").resolve(target);
    return method
        .getParent()
        .resolveSibling(method.getParent().getFileName() + "Inputs")
        .resolve(method.getFileName());
  }

  private static void assertSeeds(Path inputs, Map<String, byte[]> seeds) throws Exception {
    for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
      Path file = inputs.resolve("seed-" + seed.getKey());
      if (Boolean.getBoolean("regenerate")) {
        Files.createDirectories(inputs);
        Files.write(file, seed.getValue());
      }
      assertThat(file).hasBinaryContent(seed.getValue());
    }
  }
}
