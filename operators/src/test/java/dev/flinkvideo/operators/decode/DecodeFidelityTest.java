package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.metrics.Clock;
import dev.flinkvideo.operators.metrics.Drops;
import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More sessions than memory: which pictures are decoded, and what is said about the others. */
class DecodeFidelityTest {
  /**
   * Room for one decoder of the small VP8 clip, which takes six slots of 64 KiB, and not for two.
   */
  private static final long ONE_DECODER_BYTES = 512 << 10;

  private static final int PAGE_BYTES = 32 << 10;

  private static final String CLIP = "vp8-420-8.webm";
  private static final int PICTURES = 19;
  private static final int PICTURES_H264 = 20;

  /** Longer than {@link FidelityOptions#JUMP_LAG}. */
  private static final Duration AN_OUTAGE = Duration.ofMinutes(3);

  private final Configuration options = new Configuration();
  private DecodeHarness harness;

  @BeforeEach
  void observeEveryPicture() {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    options.set(DecodeOptions.MAX_SESSION_SHARE, 1.0);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void shouldJudgeEveryPictureOfCompleteSessionsThoughMemoryCarriesOnlyOne() throws Exception {
    harness = DecodeHarness.open(options, ONE_DECODER_BYTES);
    feedInTurns(file("a"), file("b"), file("c"));
    harness.endInput();
    List<String> expected = Clip.expectedMd5(Clip.CLIPS.resolve(CLIP));
    for (String session : List.of("a", "b", "c")) {
      assertThat(md5(session)).isEqualTo(expected);
    }
    assertThat(harness.dropped("over-budget")).isZero();
    assertThat(harness.count(DecodeMetrics.SUSPENDED)).isPositive();
    assertThat(harness.operator().pool().peakBytes()).isLessThanOrEqualTo(ONE_DECODER_BYTES);
  }

  @Test
  void shouldLeaveALiveSessionItsDecoderWhileCompleteOnesCloseThoseOfEachOther() throws Exception {
    options.set(DecodeOptions.MAX_SUSPENSIONS, 0);
    harness = DecodeHarness.open(options, 2 * ONE_DECODER_BYTES);
    feedInTurns(live("a"), file("b"), file("c"));
    harness.endInput();
    List<String> expected = Clip.expectedMd5(Clip.CLIPS.resolve(CLIP));
    for (String session : List.of("a", "b", "c")) {
      assertThat(md5(session)).as(session).isEqualTo(expected);
    }
    assertThat(harness.events(EventKind.FIDELITY_CHANGED)).isEmpty();
  }

  @Test
  void shouldJudgeEveryPictureOfASessionBesideBrokenOnes() throws Exception {
    harness = DecodeHarness.open(options, 2 * ONE_DECODER_BYTES);
    Random random = new Random(11);
    List<Segment> healthy = live("healthy");
    List<Segment> damaged = live("damaged");
    for (int i = 0; i < healthy.size(); i++) {
      byte[] noise = new byte[damaged.get(i).getPayload().size()];
      random.nextBytes(noise);
      boolean spoil = i % 3 == 1;
      Segment.Builder next = damaged.get(i).toBuilder();
      feedNow(
          harness,
          List.of(spoil ? next.setPayload(ByteString.copyFrom(noise)).build() : next.build()));
      harness.process(new Admitted.Container("no-file", "video/mp4", i, noise, 0, 0));
      feedNow(harness, List.of(healthy.get(i)));
      harness.passSecond();
    }
    harness.endInput();
    assertThat(md5("healthy")).isEqualTo(Clip.expectedMd5(Clip.CLIPS.resolve(CLIP)));
    assertThat(harness.count(Drops.GROUP, "corrupt")).isGreaterThan(healthy.size());
    assertThat(harness.events(EventKind.FIDELITY_CHANGED)).isEmpty();
  }

  @Test
  void shouldDecodeKeyFramesOfLiveSessionsThatFindNoRoomAndCountTheRest() throws Exception {
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    options.set(DecodeOptions.MAX_SUSPENSIONS, 0);
    harness = DecodeHarness.open(options, ONE_DECODER_BYTES);
    feedInTurns(file("a"), file("b"));
    harness.endInput();
    assertThat(md5("a")).hasSize(PICTURES);
    List<Event> changes = harness.events(EventKind.FIDELITY_CHANGED);
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).session()).isEqualTo("b");
    assertThat(changes.get(0).name()).isEqualTo("key");
    assertThat(changes.get(0).message())
        .contains("from=all cause=budget")
        .contains("requestedBytes=")
        .contains("of 1 holders the largest: a (");
    assertThat(harness.count(DecodeMetrics.SUSPENDED)).isZero();
    assertThat(md5("b").size() + harness.dropped("over-budget")).isEqualTo(PICTURES);
  }

  /**
   * Its decoder was closed while it held pictures back, and the next access unit is a key frame.
   */
  @Test
  void shouldCountWhatWasHeldBackByADecoderThatFindsNoRoomAgain() throws Exception {
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "a", 1);
    long oneDecoderBytes = peakBytes(segments);
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    options.set(DecodeOptions.MAX_SUSPENSIONS, 0);
    harness = DecodeHarness.open(options, oneDecoderBytes * 3 / 2 / PAGE_BYTES * PAGE_BYTES);
    int key = newestKey(segments);
    int fed = units(segments.subList(0, key + 1));
    harness.process(new Admitted.Idle("another"));

    harness.feed(segments.subList(0, key));
    assertThat(md5("a").size()).isLessThan(fed - segments.get(key).getAccessUnitsCount());
    harness.operator().makeRoomFor("another");
    harness.feed(DecodeHarness.segments("h264-420-8.mp4", "b", 1).subList(0, key));
    harness.feed(segments.subList(key, key + 1));
    harness.endInput();

    assertThat(harness.dropped("over-budget")).isPositive();
    assertThat(md5("a").size() + harness.dropped("over-budget")).isEqualTo(fed);
  }

  private long peakBytes(List<Segment> segments) throws Exception {
    try (DecodeHarness roomy = DecodeHarness.open(options, 8 << 20)) {
      roomy.feed(segments);
      return roomy.operator().pool().peakBytes();
    }
  }

  private static int newestKey(List<Segment> segments) {
    int newest = 0;
    for (int i = 0; i < segments.size(); i++) {
      newest = segments.get(i).getAccessUnits(0).getKey() ? i : newest;
    }
    return newest;
  }

  @Test
  void shouldTellHowSessionsAreDecodedThatHadARecordSinceItToldLast() throws Exception {
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    options.set(DecodeOptions.STATUS_INTERVAL, Duration.ofNanos(1_000)); // any time at all
    harness = DecodeHarness.open(options, 8 << 20);
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    feedNow(harness, segments.subList(0, 2));
    harness.operator().choose("s", Fidelity.REFERENCE, FidelityCause.LAG, "asked to");
    harness.passSecond();
    harness.passSecond(); // nothing came

    Decoding told = harness.events(EventKind.DECODED).get(0).decoding();
    assertThat(harness.events(EventKind.DECODED)).hasSize(1);
    assertThat(told.fidelity()).isEqualTo(Fidelity.REFERENCE);
    assertThat(told.pictures()).isEqualTo(harness.frames().size()).isPositive();
    assertThat(told.newest()).isEqualTo(harness.frames().get(told.pictures() - 1).timing());
  }

  @Test
  void shouldTellNothingIfTheIntervalIsNone() throws Exception {
    options.set(DecodeOptions.STATUS_INTERVAL, Duration.ZERO);
    harness = DecodeHarness.open(options, 8 << 20);
    harness.feed(DecodeHarness.segments("h264-420-8.mp4", "s", 1));
    harness.passSecond();

    assertThat(harness.frames()).isNotEmpty();
    assertThat(harness.events(EventKind.DECODED)).isEmpty();
  }

  @Test
  void shouldSayOfEachPictureAtWhichFidelityItWasSeen() throws Exception {
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    harness = DecodeHarness.open(options, 8 << 20);
    List<Segment> segments = DecodeHarness.segments("h264-420-8.mp4", "s", 1);
    harness.feed(segments.subList(0, 2));
    harness.operator().choose("s", Fidelity.REFERENCE, FidelityCause.LAG, "asked to");
    harness.feed(segments.subList(2, segments.size() / 2));
    harness.operator().choose("s", Fidelity.KEY, FidelityCause.LAG, "asked to");
    harness.feed(segments.subList(segments.size() / 2, segments.size()));
    harness.endInput();
    List<FrameObservation> frames = harness.frames();
    assertThat(frames)
        .extracting(FrameObservation::fidelity)
        .isSorted()
        .contains(Fidelity.ALL, Fidelity.REFERENCE, Fidelity.KEY);
    assertThat(frames.stream().filter(frame -> frame.fidelity() == Fidelity.KEY))
        .isNotEmpty()
        .allMatch(FrameObservation::key);
    assertThat(frames).noneMatch(FrameObservation::damaged);
    assertThat(frames.size() + harness.dropped("late")).isEqualTo(20);
    List<String> expected = Clip.expectedMd5(Clip.CLIPS.resolve("h264-420-8.mp4"));
    assertThat(expected).as("what is seen is exact").containsAll(md5("s"));
    assertThat(frames).extracting(FrameObservation::timeNs).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void shouldGoBackToAllPicturesAtTheNextKeyFrame() throws Exception {
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    harness = DecodeHarness.open(options, 8 << 20);
    List<Segment> segments = DecodeHarness.segments(CLIP, "s", 1);
    harness.feed(segments.subList(0, 1));
    harness.operator().choose("s", Fidelity.NONE, FidelityCause.JUMP, "asked to");
    harness.feed(segments.subList(1, 3));
    int before = harness.frames().size();
    harness.operator().choose("s", Fidelity.ALL, FidelityCause.JUMP, "asked to");
    harness.feed(segments.subList(3, segments.size()));
    harness.endInput();
    assertThat(before).isLessThanOrEqualTo(2);
    assertThat(harness.frames().get(before).key()).isTrue();
    List<String> expected = Clip.expectedMd5(Clip.CLIPS.resolve(CLIP));
    assertThat(String.join(" ", expected))
        .endsWith(String.join(" ", md5("s").subList(before, md5("s").size())));
    assertThat(harness.frames().size() + harness.dropped("late")).isEqualTo(PICTURES);
  }

  /** Below all pictures it was put for its cost, and comes up step by step; or for want of room. */
  @ParameterizedTest
  @CsvSource({"LAG, reference, late", "BUDGET, all, over-budget"})
  void shouldGoOnAtItsFidelityAfterARestoreAndRiseAsUsual(
      FidelityCause cause, String next, String leftOutAs) throws Exception {
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    options.set(FidelityOptions.RAISE_AFTER, Duration.ZERO);
    options.set(FidelityOptions.TURN, Duration.ZERO);
    List<Segment> segments = DecodeHarness.segments(CLIP, "s", 1);
    OperatorSubtaskState checkpoint;
    try (DecodeHarness first = DecodeHarness.open(options, 8 << 20)) {
      feedNow(first, segments.subList(0, 2));
      first.operator().choose("s", Fidelity.KEY, cause, "asked to");
      checkpoint = first.checkpoint();
    }
    harness = DecodeHarness.restore(options, 8 << 20, checkpoint);
    int middle = newestKey(segments) - 1;
    feedNow(harness, segments.subList(2, middle));
    assertThat(harness.frames()).hasSize(1).allMatch(f -> f.fidelity() == Fidelity.KEY && f.key());
    assertThat(harness.events(EventKind.FIDELITY_CHANGED)).isEmpty();

    harness.passSecond();
    assertThat(harness.events(EventKind.FIDELITY_CHANGED))
        .extracting(Event::name)
        .containsExactly(next);
    assertThat(harness.events(EventKind.FIDELITY_CHANGED).get(0).message())
        .startsWith("from=key cause=" + cause.label());
    feedNow(harness, segments.subList(middle, segments.size()));
    harness.endInput();
    assertThat(harness.frames().subList(1, harness.frames().size()))
        .hasSizeGreaterThan(1)
        .allMatch(frame -> frame.fidelity().label().equals(next));
    assertThat(harness.dropped(leftOutAs)).isPositive();
  }

  @Test
  void shouldDecodeEveryPictureOfASessionThatIsCompleteAfterARestore() throws Exception {
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    List<Segment> segments = DecodeHarness.segments(CLIP, "s", 1);
    OperatorSubtaskState checkpoint;
    try (DecodeHarness first = DecodeHarness.open(options, 8 << 20)) {
      first.feed(segments.subList(0, 2));
      first.operator().choose("s", Fidelity.NONE, FidelityCause.JUMP, "asked to");
      checkpoint = first.checkpoint();
    }
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.COMPLETE);
    harness = DecodeHarness.restore(options, 8 << 20, checkpoint);
    harness.feed(segments.subList(2, segments.size()));
    harness.endInput();
    assertThat(harness.events(EventKind.FIDELITY_CHANGED).get(0).message())
        .isEqualTo("from=none cause=complete, every picture of it counts");
    assertThat(Clip.expectedMd5(Clip.CLIPS.resolve(CLIP))).endsWith(toArray(md5("s")));
    assertThat(md5("s")).hasSizeGreaterThan(PICTURES / 2);
  }

  private static String[] toArray(List<String> list) {
    return list.toArray(String[]::new);
  }

  /** At the end of the log. */
  private static void feedNow(DecodeHarness to, List<Segment> segments) throws Exception {
    for (Segment segment : segments) {
      boolean first = segment.getSequence() == 0;
      to.process(
          new Admitted.Media(segment, first, List.of(), Clock.SYSTEM.nowUs(), /* fetchUs= */ 0));
    }
  }

  @Test
  void shouldJumpToTheNewestKeyFrameWhenALiveSessionIsFarBehind() throws Exception {
    harness = DecodeHarness.open(options, 8 << 20);
    List<Segment> segments = after(AN_OUTAGE, Transport.TRANSPORT_RTMP);

    List<Event> changes = harness.events(EventKind.FIDELITY_CHANGED);
    assertThat(changes).extracting(Event::name).containsExactly("none", "all");
    assertThat(changes.get(0).message())
        .startsWith("from=all cause=jump, lagMs=180")
        .endsWith(" is more than fidelity.jump-lag=120000 ms");
    assertThat(changes.get(1).message()).isEqualTo("from=none cause=jump, at the newest key frame");
    int before = units(segments.subList(0, 2));
    int after = units(segments.subList(newestKey(segments), segments.size()));
    List<String> expected = Clip.expectedMd5(Clip.CLIPS.resolve("h264-420-8.mp4"));
    List<String> seen = md5("s");
    assertThat(seen).hasSize(before + after);
    assertThat(seen.subList(before, seen.size()))
        .isEqualTo(expected.subList(PICTURES_H264 - after, PICTURES_H264));
    assertThat(harness.dropped("late")).isEqualTo(PICTURES_H264 - before - after);
  }

  @Test
  void shouldDecodeEveryPictureOfACompleteSessionHoweverFarBehind() throws Exception {
    harness = DecodeHarness.open(options, 8 << 20);
    after(AN_OUTAGE, Transport.TRANSPORT_FILE);

    assertThat(harness.events(EventKind.FIDELITY_CHANGED)).isEmpty();
    assertThat(md5("s")).isEqualTo(Clip.expectedMd5(Clip.CLIPS.resolve("h264-420-8.mp4")));
  }

  /**
   * Two segments were long on the log when they came, and then a second passed; so were those up to
   * the second key frame. All after that is fresh.
   */
  private List<Segment> after(Duration outage, Transport transport) throws Exception {
    List<Segment> segments =
        DecodeHarness.segments("h264-420-8.mp4", "s", 1).stream()
            .map(segment -> segment.toBuilder().setTransport(transport).build())
            .toList();
    List<Integer> keys =
        IntStream.range(0, segments.size())
            .filter(i -> segments.get(i).getAccessUnits(0).getKey())
            .boxed()
            .toList();
    assertThat(keys).hasSize(3);
    long outageUs = outage.toNanos() / 1_000;
    for (int i = 0; i < segments.size(); i++) {
      long delayUs = i <= keys.get(1) ? outageUs : 0;
      harness.process(DecodeHarness.media(segments.get(i), Clock.SYSTEM.nowUs() - delayUs));
      if (i == 1) {
        harness.passSecond();
      }
    }
    harness.passSecond();
    harness.endInput();
    return segments;
  }

  private static int units(List<Segment> segments) {
    return segments.stream().mapToInt(Segment::getAccessUnitsCount).sum();
  }

  @Test
  void shouldNotLetOneSessionHaveMoreThanItsShareOfThePool() throws Exception {
    options.set(DecodeOptions.MAX_SESSION_SHARE, 0.5);
    harness = DecodeHarness.open(options, ONE_DECODER_BYTES);
    harness.feed(DecodeHarness.segments(CLIP, "s", 1));
    assertThat(harness.frames()).isEmpty();
    assertThat(harness.events(EventKind.OVER_BUDGET).get(0).message())
        .contains("decode.max-session-share=0.5");
  }

  private static List<Segment> file(String session) {
    return DecodeHarness.segments(CLIP, session, 1);
  }

  private static List<Segment> live(String session) {
    return file(session).stream()
        .map(segment -> segment.toBuilder().setTransport(Transport.TRANSPORT_RTMP).build())
        .toList();
  }

  @SafeVarargs
  private void feedInTurns(List<Segment>... feeds) throws Exception {
    for (int i = 0; i < feeds[0].size(); i++) {
      for (List<Segment> feed : feeds) {
        harness.process(DecodeHarness.media(feed.get(i)));
      }
    }
  }

  private List<String> md5(String session) {
    return harness.frames().stream()
        .filter(frame -> frame.session().equals(session))
        .map(FrameObservation::md5)
        .toList();
  }
}
