package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flinkvideo.operators.admission.AdmissionHarness;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.ContentHash;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SegmentBuilder;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two connections carry one encode; the first ends anywhere, the second begins at its newest key
 * frame. What is seen is what an unbroken connection would have shown: nothing lost, nothing
 * doubled, every measurement and every time the same.
 */
class CutOverTest {
  private static final long POOL_BYTES = 48 << 20;
  private static final long STEP_US = 40_000;
  private static final long RING_US = 4_500_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Configuration options = new Configuration();
  private StreamFormat format;
  private List<EncodedUnit> units;

  @BeforeEach
  void observeEveryPicture() {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    options.set(DecodeOptions.CODECS, List.of("h264", "hevc", "vp8", "vp9", "av1", "mpeg2video"));
  }

  static Stream<Path> clips() {
    return Clip.all();
  }

  /** Where the source gives no time stamps, a picture that is held back is not known again. */
  static Stream<Path> clipsWithTimes() {
    return Clip.all().filter(clip -> !clip.toString().endsWith(".h264"));
  }

  @ParameterizedTest
  @MethodSource("clipsWithTimes")
  void shouldLoseNothingAndDoubleNothingWhereverTheFirstConnectionEnds(Path clip) throws Exception {
    read(clip);
    List<String> expected = observations(connection(1, 0, units.size(), format));
    for (int cut = 1; cut < units.size(); cut += 3) {
      assertEqual(observations(cutOver(cut)), expected, "cut at " + cut);
    }
  }

  @ParameterizedTest
  @MethodSource("clipsWithTimes")
  void shouldGoOnExactlyThoughItFailsAfterEachSegment(Path clip) throws Exception {
    read(clip);
    int cut = units.size() / 2 + 1;
    List<String> expected = observations(connection(1, 0, units.size(), format));
    List<String> seen = new ArrayList<>();
    OperatorSubtaskState admissionState = null;
    OperatorSubtaskState decodeState = null;
    List<Segment> segments = cutOver(cut);
    for (int i = 0; i < segments.size(); i++) {
      try (AdmissionHarness admission = new AdmissionHarness(options, admissionState);
          DecodeHarness decode = DecodeHarness.restore(options, POOL_BYTES, decodeState)) {
        for (Admitted admitted : admission.process(segments.get(i))) {
          decode.process(admitted);
        }
        if (i == segments.size() - 1) {
          decode.endInput();
        }
        admissionState = admission.checkpoint();
        decodeState = decode.checkpoint();
        seen.addAll(identityRemoved(decode.frames()));
      }
    }
    assertEqual(seen, expected, "failing after each segment");
  }

  /** A gateway that takes over begins with the oldest key frame that it keeps. */
  @ParameterizedTest
  @MethodSource("clipsWithTimes")
  void shouldKeepTheOrderWhereTheSecondConnectionReachesBackFurther(Path clip) throws Exception {
    read(clip);
    List<String> expected = observations(connection(1, 0, units.size(), format));
    int reach = (int) (RING_US / STEP_US);
    for (int cut : new int[] {units.size() / 2, units.size() * 3 / 4, units.size() - 1}) {
      List<Segment> segments = new ArrayList<>(connection(1, 0, cut, format));
      int oldest = newestKey(Math.max(1, cut - reach));
      segments.addAll(connection(2, oldest, units.size(), format));
      assertEqual(observations(segments), expected, "cut at " + cut + ", again from " + oldest);
    }
  }

  /** Pictures held back are shown before their turn then, but all are, and the axis stays. */
  @ParameterizedTest
  @MethodSource("clips")
  void shouldLoseNothingAndDoubleNothingAfterAStall(Path clip) throws Exception {
    read(clip);
    List<String> expected = md5(observations(connection(1, 0, units.size(), format)));
    for (int cut = 2; cut < units.size(); cut += 5) {
      try (AdmissionHarness admission = new AdmissionHarness(options, null);
          DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
        feed(connection(1, 0, cut, format), admission, decode);
        decode.process(new Admitted.Idle("s"));
        feed(connection(2, newestKey(cut), units.size(), format), admission, decode);
        decode.endInput();
        assertThat(md5(identityRemoved(decode.frames())))
            .as("cut at %d", cut)
            .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(decode.events(EventKind.TIME_REBASED)).isEmpty();
        FrameObservation last = decode.frames().get(decode.frames().size() - 1);
        assertThat(last.timeNs()).isEqualTo(lastTimeNs());
      }
    }
  }

  /**
   * The second connection begins a group earlier and loses a segment of it. Pictures that the first
   * held back for reordering are lost with it; nothing else is, and nothing is doubled.
   */
  @ParameterizedTest
  @MethodSource("clipsWithTimes")
  void shouldLoseOnlyWhatWasHeldBackWhereTheRepetitionHasALoss(Path clip) throws Exception {
    read(clip);
    List<String> expected = md5(observations(connection(1, 0, units.size(), format)));
    int cut = units.size() - 3;
    List<Segment> repeating = connection(2, newestKey(newestKey(cut)), units.size(), format);
    repeating.remove(1);
    List<Segment> segments = new ArrayList<>(connection(1, 0, cut, format));
    segments.addAll(repeating);
    List<String> seen = md5(observations(segments));
    assertThat(expected).containsSubsequence(seen);
    assertThat(seen).hasSizeBetween(expected.size() - 4, expected.size());
  }

  /** Both stamp pictures that are 80 ms apart; the second rounds to ticks of 1.43 ms. */
  @Test
  void shouldKeepTheAxisBetweenTimeBases() throws Exception {
    read(Clip.CLIPS.resolve("h264-420-8.mp4"));
    StreamFormat coarse = new StreamFormat(format.codec(), format.configuration(), 1, 700);
    List<Segment> segments = new ArrayList<>(connection(1, 0, 14, format));
    segments.addAll(connection(2, newestKey(14), units.size(), coarse));
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(segments, admission, decode);
      decode.endInput();
      List<FrameObservation> frames = decode.frames();
      assertThat(frames).hasSameSizeAs(units);
      for (int i = 0; i < frames.size(); i++) {
        long trueNs = i * 80_000_000L;
        assertThat(frames.get(i).timeNs()).isBetween(trueNs - 1_000_000, trueNs + 1_000_000);
      }
      Event joined = decode.events(EventKind.TIME_JOINED).get(0);
      assertThat(joined.name()).isEqualTo("hashes");
      assertThat(joined.count()).isPositive();
      assertThat(joined.message()).contains("uncertaintyNs=");
    }
  }

  private void read(Path clip) {
    Clip read = Clip.read(clip);
    format = read.format();
    units =
        read.units().stream()
            .map(
                unit ->
                    new EncodedUnit(
                        unit.data(),
                        unit.pts(),
                        unit.dts(),
                        unit.key(),
                        ContentHash.of(format.codec(), format.configuration(), unit.data())))
            .toList();
  }

  private List<Segment> cutOver(int cut) {
    List<Segment> segments = new ArrayList<>(connection(1, 0, cut, format));
    segments.addAll(connection(2, newestKey(cut), units.size(), format));
    return segments;
  }

  /** Of which all pictures that are shown before it came too: in an open group there are some. */
  private int newestKey(int before) {
    int newest = 0;
    for (int i = 0; i < before; i++) {
      long keyPts = units.get(i).pts();
      boolean complete =
          units.subList(before, units.size()).stream().allMatch(unit -> unit.pts() >= keyPts);
      newest = units.get(i).key() && complete ? i : newest;
    }
    return newest;
  }

  /** Its clock is a minute ahead of that of the connection before, and its pictures come later. */
  private List<Segment> connection(long epoch, int from, int to, StreamFormat as) {
    List<Segment> segments = new ArrayList<>();
    SegmentBuilder builder =
        new SegmentBuilder(
            new Connection("s", "srt", epoch, 0, Transport.TRANSPORT_SRT, as), 100, segments::add);
    for (int i = from; i < to; i++) {
      EncodedUnit unit = units.get(i);
      builder.add(
          new EncodedUnit(
              unit.data(),
              stamp(unit.pts(), as, epoch),
              stamp(unit.dts(), as, epoch),
              unit.key(),
              unit.contentHash()),
          1_000_000 + i * STEP_US + epoch * 150_000);
    }
    builder.flush();
    return segments;
  }

  private long stamp(long ticks, StreamFormat as, long epoch) {
    if (ticks == EncodedUnit.NO_TIME) {
      return ticks;
    }
    double seconds = (double) ticks * format.timeBaseNumerator() / format.timeBaseDenominator();
    double ahead = (epoch - 1) * 60;
    return Math.round((seconds + ahead) * as.timeBaseDenominator() / as.timeBaseNumerator());
  }

  private List<String> observations(List<Segment> segments) throws Exception {
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(segments, admission, decode);
      decode.endInput();
      return identityRemoved(decode.frames());
    }
  }

  private long lastTimeNs() throws Exception {
    try (AdmissionHarness admission = new AdmissionHarness(options, null);
        DecodeHarness decode = DecodeHarness.open(options, POOL_BYTES)) {
      feed(connection(1, 0, units.size(), format), admission, decode);
      decode.endInput();
      return decode.frames().get(decode.frames().size() - 1).timeNs();
    }
  }

  private static void feed(List<Segment> segments, AdmissionHarness admission, DecodeHarness decode)
      throws Exception {
    for (Segment segment : segments) {
      for (Admitted admitted : admission.process(segment)) {
        decode.process(admitted);
      }
    }
  }

  /** What was seen, without where it came from and when. */
  private static List<String> identityRemoved(List<FrameObservation> frames) throws Exception {
    List<String> lines = new ArrayList<>();
    for (FrameObservation frame : frames) {
      ObjectNode json = (ObjectNode) MAPPER.readTree(JsonRecords.write(frame));
      json.remove(List.of("timing", "epoch", "openedAtMs", "sequence", "frame", "pts"));
      lines.add(json.toString());
    }
    return lines;
  }

  private static List<String> md5(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll(".*\"md5\":\"(\\w+)\".*", "$1")).toList();
  }

  private static void assertEqual(List<String> seen, List<String> expected, String where) {
    for (int i = 0; i < Math.min(seen.size(), expected.size()); i++) {
      assertThat(seen.get(i)).as("%s, observation %d", where, i).isEqualTo(expected.get(i));
    }
    assertThat(seen).as(where).hasSameSizeAs(expected);
  }
}
