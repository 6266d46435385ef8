package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.flinkvideo.operators.admission.AdmissionHarness;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A decoder that was lost, or closed to make room, goes on bit for bit where it was. */
class DecodeRecoveryTest {
  private static final long POOL_BYTES = 48 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Lies in state in place of what was written, so that writing the same again is seen. */
  private static final byte[] MARK = {1};

  private final Configuration options = new Configuration();

  @BeforeEach
  void observeEveryPicture() {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    options.set(DecodeOptions.CODECS, List.of("h264", "hevc", "vp8", "vp9", "av1", "mpeg2video"));
  }

  static Stream<Path> clips() {
    return Clip.all();
  }

  @ParameterizedTest
  @MethodSource("clips")
  void shouldSeeEveryPictureOnceThoughItFailsAfterEverySegment(Path clip) throws Exception {
    List<Segment> segments = DecodeHarness.segments(clip, "s", 1);
    assertEqual(failingAfterEach(segments), unbroken(segments));
  }

  @Test
  void shouldSummariseIntervalsAsIfNothingHadHappened() throws Exception {
    options.set(DecodeOptions.OBSERVE, "300ms");
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    assertEqual(failingAfterEach(segments), unbroken(segments));
  }

  @Test
  void shouldEndAnIntervalAtAPauseInTheLogAlsoWhenItIsReadAgain() throws Exception {
    options.set(DecodeOptions.OBSERVE, "300ms");
    List<Segment> segments = new ArrayList<>();
    for (Segment segment : DecodeHarness.segments("h264-420-8.mp4", "s", 1)) {
      long pauseUs = segment.getSequence() < 5 ? 0 : 4_000_000;
      segments.add(
          segment.toBuilder().setArrivalTimeUs(segment.getArrivalTimeUs() + pauseUs).build());
    }
    List<String> live = observations(segments, /* live= */ true);
    assertThat(live).isNotEqualTo(unbroken(segments)); // two of one interval
    assertEqual(observations(segments, /* live= */ false), live);
  }

  /**
   * Through admission too.
   *
   * @param live read as they are appended; else at once
   */
  private List<String> observations(List<Segment> segments, boolean live) throws Exception {
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      for (Segment segment : segments) {
        List<Admitted> admitted = new ArrayList<>();
        if (live) {
          admitted.addAll(admission.passUntil(segment.getArrivalTimeUs() / 1_000));
        }
        admitted.addAll(admission.process(segment));
        for (Admitted next : admitted) {
          decode.process(next);
        }
      }
      decode.endInput();
      return withoutTiming(decode.observations());
    }
  }

  @ParameterizedTest
  @MethodSource("clips")
  void shouldSurviveDamageAsIfNothingHadHappened(Path clip) throws Exception {
    List<Segment> segments = new ArrayList<>();
    Random random = new Random(7);
    for (Segment segment : DecodeHarness.segments(clip, "s", 1)) {
      segments.add(random.nextInt(3) == 0 ? noisy(segment, random) : segment);
    }
    assertEqual(failingAfterEach(segments), unbroken(segments));
  }

  @ParameterizedTest
  @MethodSource("clips")
  void shouldComeBackExactlyAfterItWasClosedToMakeRoom(Path clip) throws Exception {
    options.set(DecodeOptions.MAX_SUSPENSIONS, 1_000_000);
    List<Segment> segments = DecodeHarness.segments(clip, "s", 1);
    List<String> expected = unbroken(segments);
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      harness.process(new Admitted.Idle("another"));
      for (Segment segment : segments) {
        harness.process(DecodeHarness.media(segment));
        assertThat(harness.operator().makeRoomFor("another")).isTrue();
        assertThat(harness.operator().pool().leasedBytes()).isZero();
      }
      assertThat(harness.count(DecodeMetrics.SUSPENDED)).isEqualTo(segments.size());
      harness.endInput();
      assertEqual(withoutTiming(harness.observations()), expected);
    }
  }

  @Test
  void shouldGoOnAfterAStallInMidStreamWithoutLosingAPicture() throws Exception {
    List<Segment> segments = DecodeHarness.segments("vp9-420-8.webm", "s", 1);
    List<String> expected = unbroken(segments);
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      for (Segment segment : segments) {
        harness.process(DecodeHarness.media(segment));
        harness.process(new Admitted.Idle("s"));
        assertThat(harness.operator().pool().leasedBytes()).isZero();
      }
      assertEqual(withoutTiming(harness.observations()), expected);
    }
  }

  @Test
  void shouldShowWhatWasHeldBackWhenTheSessionIsIdleAfterARestore() throws Exception {
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    List<String> expected = unbroken(segments);
    try (DecodeHarness first = DecodeHarness.open(options, POOL_BYTES)) {
      first.feed(segments);
      OperatorSubtaskState checkpoint = first.checkpoint();
      try (DecodeHarness second = DecodeHarness.restore(options, POOL_BYTES, checkpoint)) {
        second.process(new Admitted.Idle("s"));
        assertEqual(concatenated(first, second), expected);
      }
    }
  }

  @Test
  void shouldShowWhatWasHeldBackWhenTheInputEndsRightAfterARestore() throws Exception {
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    List<String> expected = unbroken(segments);
    try (DecodeHarness first = DecodeHarness.open(options, POOL_BYTES)) {
      first.feed(segments);
      OperatorSubtaskState checkpoint = first.checkpoint();
      try (DecodeHarness second = DecodeHarness.restore(options, POOL_BYTES, checkpoint)) {
        second.endInput();
        assertEqual(concatenated(first, second), expected);
      }
    }
  }

  @Test
  void shouldWriteNothingForASessionThatDidNotMove() throws Exception {
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      harness.feed(segments.subList(0, 2));
      harness.checkpoint();
      harness.changeState("s", value -> MARK);
      harness.chunks("s").put(0L, MARK);
      harness.checkpoint();
      assertThat(harness.state("s")).isEqualTo(MARK);
      assertThat(written(harness, "s")).containsExactly(entry(0L, MARK));
    }
  }

  @Test
  void shouldWriteOfAPrefixOnlyWhatIsNewSinceTheLastCheckpoint() throws Exception {
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    assertThat(segments.subList(1, 4)).noneMatch(segment -> segment.getAccessUnits(0).getKey());
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      harness.feed(segments.subList(0, 2));
      harness.checkpoint();
      assertThat(data(written(harness, "s").get(0L))).isEqualTo(data(segments.subList(0, 2)));
      harness.chunks("s").put(0L, MARK);
      harness.feed(segments.subList(2, 4));
      harness.checkpoint();
      long next = data(segments.subList(0, 2)).size();
      assertThat(written(harness, "s")).containsOnlyKeys(0L, next).containsEntry(0L, MARK);
      assertThat(data(written(harness, "s").get(next))).isEqualTo(data(segments.subList(2, 4)));
    }
  }

  @Test
  void shouldForgetASessionWithAllItsState() throws Exception {
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      long empty = harness.checkpoint().getStateSize();
      harness.feed(DecodeHarness.segments("h264-420-8.mp4", "s", 1));
      assertThat(harness.checkpoint().getStateSize()).isGreaterThan(empty);
      harness.process(new Admitted.Forgotten("s"));
      assertThat(harness.checkpoint().getStateSize()).isEqualTo(empty);
    }
  }

  /** Each in turn is what the first group of pictures does not keep to; the others are no bound. */
  static Stream<Arguments> prefixBounds() {
    return Stream.of(
        Arguments.of(
            DecodeOptions.PREFIX_MAX_SIZE, new MemorySize(1_360), "decode.prefix.max-size=1360"),
        Arguments.of(
            DecodeOptions.PREFIX_MAX_TOTAL_SIZE,
            new MemorySize(1_360),
            "of all sessions of this subtask are more than decode.prefix.max-total-size=1360"),
        Arguments.of(
            DecodeOptions.PREFIX_MAX_DURATION,
            Duration.ofMillis(300),
            "decode.prefix.max-duration=300 ms"));
  }

  @ParameterizedTest
  @MethodSource("prefixBounds")
  <T> void shouldSayThatAPrefixIsTooLongAndWaitForTheNextKeyFrameAfterARestore(
      ConfigOption<T> bound, T value, String said) throws Exception {
    options.set(bound, value);
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    List<String> expected = unbroken(segments);
    try (DecodeHarness first = DecodeHarness.open(options, POOL_BYTES)) {
      int until = firstNotRecoverable(first, segments);
      assertThat(first.events(EventKind.NOT_RECOVERABLE).get(0).message())
          .contains(said)
          .contains("key frames more often");
      assertThat(first.count(DecodeMetrics.NOT_RECOVERABLE)).isEqualTo(1);
      OperatorSubtaskState checkpoint = first.checkpoint();
      try (DecodeHarness second = DecodeHarness.restore(options, POOL_BYTES, checkpoint)) {
        second.feed(segments.subList(until, segments.size()));
        second.endInput();
        assertThat(second.dropped("waiting-for-key-frame")).isPositive();
        List<String> after = withoutTiming(second.observations());
        assertThat(after).isNotEmpty();
        assertThat(md5(expected)).endsWith(md5(after));
      }
    }
  }

  @Test
  void shouldDecodeEverythingThoughItMayKeepNothing() throws Exception {
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    List<String> expected = unbroken(segments);
    options.set(DecodeOptions.PREFIX_MAX_SIZE, MemorySize.ZERO);
    assertEqual(unbroken(segments), expected);
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      harness.feed(segments);
      assertThat(harness.events(EventKind.NOT_RECOVERABLE)).isEmpty();
    }
  }

  @Test
  void shouldWaitForTheNextKeyFrameWhenAPrefixGrowsTooLongWhileItsDecoderIsClosed()
      throws Exception {
    options.set(DecodeOptions.PREFIX_MAX_DURATION, Duration.ofMillis(300));
    List<Segment> segments = DecodeHarness.segments("vp8-420-8.webm", "s", 1);
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      for (Segment segment : segments) {
        harness.process(DecodeHarness.media(segment));
        harness.process(new Admitted.Idle("s"));
      }
      assertThat(harness.events(EventKind.NOT_RECOVERABLE)).isNotEmpty();
      assertThat(harness.frames().size() + harness.dropped("waiting-for-key-frame")).isEqualTo(19);
      assertThat(Clip.expectedMd5(Clip.CLIPS.resolve("vp8-420-8.webm")))
          .containsAll(harness.frames().stream().map(FrameObservation::md5).toList());
    }
  }

  private static Map<Long, byte[]> written(DecodeHarness harness, String session) throws Exception {
    Map<Long, byte[]> chunks = new TreeMap<>();
    harness.chunks(session).entries().forEach(e -> chunks.put(e.getKey(), e.getValue()));
    return chunks;
  }

  private static List<ByteString> data(byte[] chunk) {
    return PrefixCodec.read(chunk, 0, number -> false).stream()
        .map(unit -> ByteString.copyFrom(unit.data()))
        .toList();
  }

  /** Their access units. */
  private static List<ByteString> data(List<Segment> segments) {
    List<ByteString> units = new ArrayList<>();
    for (Segment segment : segments) {
      int at = 0;
      for (AccessUnit unit : segment.getAccessUnitsList()) {
        units.add(segment.getPayload().substring(at, at + unit.getSize()));
        at += unit.getSize();
      }
    }
    return units;
  }

  private static int firstNotRecoverable(DecodeHarness harness, List<Segment> segments)
      throws Exception {
    for (int i = 0; i < segments.size(); i++) {
      harness.process(DecodeHarness.media(segments.get(i)));
      if (!harness.events(EventKind.NOT_RECOVERABLE).isEmpty()) {
        return i + 1;
      }
    }
    throw new AssertionError("the prefix never became too long");
  }

  private static String md5(List<String> observations) {
    return String.join(
        " ", observations.stream().map(o -> o.replaceAll(".*\"md5\":\"(\\w+)\".*", "$1")).toList());
  }

  private List<String> unbroken(List<Segment> segments) throws Exception {
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      harness.feed(segments);
      harness.endInput();
      return withoutTiming(harness.observations());
    }
  }

  /** A checkpoint after each segment, and a new operator that takes up from it. */
  private List<String> failingAfterEach(List<Segment> segments) throws Exception {
    List<String> seen = new ArrayList<>();
    OperatorSubtaskState checkpoint = null;
    for (Segment segment : segments) {
      try (DecodeHarness harness = DecodeHarness.restore(options, POOL_BYTES, checkpoint)) {
        harness.process(DecodeHarness.media(segment));
        checkpoint = harness.checkpoint();
        seen.addAll(withoutTiming(harness.observations()));
      }
    }
    try (DecodeHarness harness = DecodeHarness.restore(options, POOL_BYTES, checkpoint)) {
      harness.process(new Admitted.Idle("s"));
      seen.addAll(withoutTiming(harness.observations()));
    }
    return seen;
  }

  private static Segment noisy(Segment segment, Random random) {
    byte[] payload = segment.getPayload().toByteArray();
    for (int i = 0; i < 1 + payload.length / 50; i++) {
      payload[random.nextInt(payload.length)] = (byte) random.nextInt();
    }
    return segment.toBuilder().setPayload(ByteString.copyFrom(payload)).build();
  }

  private static List<String> concatenated(DecodeHarness first, DecodeHarness second)
      throws Exception {
    List<String> seen = new ArrayList<>(withoutTiming(first.observations()));
    seen.addAll(withoutTiming(second.observations()));
    return seen;
  }

  /** Says what differs, and not everything there is. */
  private static void assertEqual(List<String> seen, List<String> expected) {
    for (int i = 0; i < Math.min(seen.size(), expected.size()); i++) {
      assertThat(seen.get(i)).as("observation " + i).isEqualTo(expected.get(i));
    }
    assertThat(seen).hasSameSizeAs(expected);
  }

  private static List<String> withoutTiming(List<Observation> observations) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Observation observation : observations) {
      ObjectNode json = (ObjectNode) MAPPER.readTree(JsonRecords.write(observation));
      json.remove("timing");
      lines.add(json.toString());
    }
    return lines;
  }
}
