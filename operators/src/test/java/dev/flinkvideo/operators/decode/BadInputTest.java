package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flinkvideo.operators.admission.AdmissionHarness;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real segments of real clips through admission and decoder, with one fault in the log: it is
 * counted with its reason, and from the next key frame on all is seen as if it had not been.
 */
class BadInputTest {
  private static final long POOL_BYTES = 48 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, List<ObjectNode>> CALM = new HashMap<>();

  private final Configuration options = new Configuration();

  @BeforeEach
  void observeEveryPicture() {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
  }

  /** All of them, and in other codecs those that come as far as the decoder. */
  static Stream<Arguments> faults() {
    return Stream.of(
            "h264-420-8.mp4", "hevc-420-8.mp4", "vp8-420-8.webm", "vp9-420-8.webm", "av1-420-8.mp4")
        .flatMap(
            clip ->
                Arrays.stream(BadInput.values())
                    .filter(bad -> clip.startsWith("h264") || bad.reachesDecoder())
                    .map(bad -> Arguments.of(bad, clip)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldCountItAndGoOnAtTheNextKeyFrame(BadInput bad, String clip) throws Exception {
    List<Segment> segments = DecodeHarness.segments(clip, BadInput.SESSION, 1);
    List<ObjectNode> calm = calm(clip, segments);
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(bad.log(segments), admission, decode);
      decode.process(new Admitted.Idle(BadInput.SESSION));

      List<ObjectNode> seen = json(decode.frames());
      ObjectNode key = secondKeyFrame(calm);
      assertEqual(from(key, seen), from(key, calm));
      assertThat(md5Before(seen)).isNotEmpty().isEqualTo(md5Before(calm));
      assertThat(counted(bad, admission, decode)).isGreaterThanOrEqualTo(bad.count);
      assertThat(decode.operator().pool().leasedBytes()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(BadInput.class)
  void shouldSeeTheSameThoughItFailsRightAfterTheFault(BadInput bad) throws Exception {
    List<SegmentRecord> log =
        bad.log(DecodeHarness.segments("h264-420-8.mp4", BadInput.SESSION, 1));
    List<ObjectNode> seen = new ArrayList<>();
    OperatorSubtaskState admissionState;
    OperatorSubtaskState decodeState;
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(log.subList(0, BadInput.AT + 1), admission, decode);
      admissionState = admission.checkpoint();
      decodeState = decode.checkpoint();
      seen.addAll(json(decode.frames()));
    }
    try (AdmissionHarness admission = new AdmissionHarness(options, admissionState);
        DecodeHarness decode = DecodeHarness.restore(options, POOL_BYTES, decodeState)) {
      feed(log.subList(BadInput.AT + 1, log.size()), admission, decode);
      decode.endInput();
      seen.addAll(json(decode.frames()));
    }
    assertEqual(seen, observations(log));
  }

  @Test
  void shouldGoOnWithTheNextContainerAfterOneOfNoise() throws Exception {
    byte[] file = Files.readAllBytes(Clip.CLIPS.resolve("h264-interlaced.ts"));
    List<String> expected = Clip.expectedMd5(Clip.CLIPS.resolve("h264-interlaced.ts"));
    byte[] noise = new byte[900_000];
    new Random(5).nextBytes(noise);
    List<SegmentRecord> log = new ArrayList<>();
    for (byte[] value : List.of(file, noise, new byte[0], file)) {
      log.add(new SegmentRecord("s", "video/mp2t", 0, log.size(), 0, 0, value));
    }
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(log, admission, decode);
      decode.process(new Admitted.Idle("s"));

      assertThat(decode.count("dropped", "corrupt")).isEqualTo(2);
      assertThat(decode.frames())
          .extracting(FrameObservation::md5)
          .startsWith(expected.toArray(String[]::new))
          .endsWith(expected.toArray(String[]::new))
          .hasSize(2 * expected.size());
      assertThat(decode.operator().pool().leasedBytes()).isZero();
    }
  }

  private static long counted(BadInput bad, AdmissionHarness admission, DecodeHarness decode) {
    if (bad.counter.equals("rejected")) {
      assertThat(admission.rejected())
          .allSatisfy(record -> assertThat(record.reason().label()).isEqualTo(bad.reason))
          .hasSize((int) bad.count);
      return admission.count(bad.counter, bad.reason);
    }
    assertThat(decode.dropped(bad.reason)).isPositive();
    return admission.count(bad.counter, bad.reason) + decode.count(bad.counter, bad.reason);
  }

  /** What is seen of a clip without a fault. */
  private List<ObjectNode> calm(String clip, List<Segment> segments) throws Exception {
    List<ObjectNode> known = CALM.get(clip);
    if (known == null) {
      known = observations(BadInput.calm(segments));
      CALM.put(clip, known);
    }
    return known;
  }

  private List<ObjectNode> observations(List<SegmentRecord> log) throws Exception {
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(log, admission, decode);
      decode.endInput();
      return json(decode.frames());
    }
  }

  private static void feed(
      List<SegmentRecord> log, AdmissionHarness admission, DecodeHarness decode) throws Exception {
    for (SegmentRecord record : log) {
      for (Admitted admitted : admission.process(record)) {
        decode.process(admitted);
      }
    }
  }

  private static ObjectNode secondKeyFrame(List<ObjectNode> calm) {
    return calm.stream().filter(o -> o.get("key").asBoolean()).skip(1).findFirst().orElseThrow();
  }

  /**
   * The pictures from a key frame on; those shown before it that follow it in an open group refer
   * to what was lost. Left out is what compares with pictures before the key frame: the difference
   * to the last one, and the scene score, which compares two differences.
   */
  private static List<ObjectNode> from(ObjectNode key, List<ObjectNode> observations) {
    List<ObjectNode> after = new ArrayList<>();
    for (ObjectNode observation : observations) {
      if (observation.get("sequence").asLong() >= key.get("sequence").asLong()
          && observation.get("timeNs").asLong() >= key.get("timeNs").asLong()) {
        ObjectNode copy = observation.deepCopy();
        if (after.isEmpty()) {
          copy.remove("difference");
        }
        if (after.size() < 2) {
          copy.remove("sceneScore");
        }
        after.add(copy);
      }
    }
    return after;
  }

  private static List<String> md5Before(List<ObjectNode> observations) {
    return observations.stream()
        .filter(observation -> observation.get("sequence").asLong() < BadInput.AT)
        .map(observation -> observation.get("md5").asText())
        .toList();
  }

  /** Says what differs, and not everything there is. */
  private static void assertEqual(List<ObjectNode> seen, List<ObjectNode> expected) {
    assertThat(expected).isNotEmpty();
    for (int i = 0; i < Math.min(seen.size(), expected.size()); i++) {
      assertThat(seen.get(i)).as("observation %d", i).isEqualTo(expected.get(i));
    }
    assertThat(seen.size()).as("observations").isEqualTo(expected.size());
  }

  private static List<ObjectNode> json(List<FrameObservation> frames) throws Exception {
    List<ObjectNode> lines = new ArrayList<>();
    for (FrameObservation frame : frames) {
      ObjectNode json = (ObjectNode) MAPPER.readTree(JsonRecords.write(frame));
      json.remove("timing");
      lines.add(json);
    }
    return lines;
  }
}
