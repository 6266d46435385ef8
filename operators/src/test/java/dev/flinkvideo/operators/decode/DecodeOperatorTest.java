package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.frame.Lease;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.IntervalObservation;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing the environment fails if managed memory was leaked; closing the pool if a frame was. */
class DecodeOperatorTest {
  private static final long MIB = 1 << 20;

  private final Configuration options = new Configuration();
  private DecodeHarness harness;

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void shouldObserveEveryPictureOnceInOrder() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    open(32 * MIB);
    feed(DecodeHarness.segments("h264-420-8.mp4", "s", 1));
    harness.endInput();
    List<FrameObservation> frames = frames();
    assertThat(frames)
        .extracting(FrameObservation::md5)
        .isEqualTo(Clip.expectedMd5(Clip.CLIPS.resolve("h264-420-8.mp4")));
    assertThat(frames).extracting(FrameObservation::timeNs).isSorted().doesNotHaveDuplicates();
    assertThat(frames.get(0).timeNs()).isZero();
    assertThat(frames.get(1).timeNs()).isEqualTo(80_000_000);
    assertThat(frames.get(0).key()).isTrue();
    assertThat(frames)
        .extracting(frame -> frame.sequence() + "/" + frame.frame())
        .doesNotHaveDuplicates();
    assertThat(frames.get(0).timing().emittedUs())
        .isGreaterThanOrEqualTo(frames.get(0).timing().decodeStartUs());
  }

  @Test
  void shouldSummariseASecondOfMedia() throws Exception {
    open(32 * MIB);
    feed(DecodeHarness.segments("h264-420-8.mp4", "s", 1));
    harness.endInput();
    assertThat(harness.observations())
        .allSatisfy(o -> assertThat(o).isInstanceOf(IntervalObservation.class))
        .extracting(o -> ((IntervalObservation) o).frames())
        .containsExactly(13, 7); // 20 pictures at 12.5 per second
  }

  @Test
  void shouldShowWhatIsHeldBackWhenTheSessionIsIdle() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    open(32 * MIB);
    feed(DecodeHarness.segments("h264-420-8.mp4", "s", 1));
    int before = frames().size();
    process(new Admitted.Idle("s"));
    assertThat(before).isLessThan(20);
    assertThat(frames()).hasSize(20);
  }

  @Test
  void shouldDecodeContainerRecordsToTheSamePictures() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    open(32 * MIB);
    byte[] file = Files.readAllBytes(Clip.CLIPS.resolve("hevc-420-8.mp4"));
    process(new Admitted.Container("s", "video/mp4", 17, file, 1_000, 1_000));
    harness.endInput();
    assertThat(frames())
        .extracting(FrameObservation::md5)
        .isEqualTo(Clip.expectedMd5(Clip.CLIPS.resolve("hevc-420-8.mp4")));
    assertThat(frames()).allSatisfy(frame -> assertThat(frame.sequence()).isEqualTo(17));
  }

  @Test
  void shouldCountAContainerThatIsNone() throws Exception {
    open(32 * MIB);
    process(new Admitted.Container("s", "video/mp2t", 1, new byte[5000], 0, 0));
    process(new Admitted.Container("s", "video/mp4", 2, new byte[10], 0, 0));
    process(new Admitted.Idle("s"));
    assertThat(dropped("corrupt")).isEqualTo(2);
  }

  @Test
  void shouldKeepASessionWhoseCodecItDoesNotKnow() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    open(32 * MIB);
    Segment first = DecodeHarness.segments("h264-420-8.mp4", "s", 1).get(0);
    process(DecodeHarness.media(first.toBuilder().setCodec("no-such-codec").build()));
    process(DecodeHarness.media(first.toBuilder().setCodec("mpeg2video").build()));
    assertThat(events(EventKind.UNSUPPORTED))
        .extracting(Event::message)
        .anyMatch(message -> message.contains("no-such-codec"))
        .anyMatch(message -> message.contains("mpeg2video"));
    feed(DecodeHarness.segments("vp8-420-8.webm", "s", 2));
    harness.endInput();
    assertThat(dropped("codec-unknown")).isEqualTo(2L * first.getAccessUnitsCount());
    assertThat(frames()).hasSize(19);
  }

  @Test
  void shouldChangeCodecAndSizeInMidSession() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    open(48 * MIB);
    List<String> expected = new ArrayList<>();
    long epoch = 1;
    for (String clip :
        List.of("h264-420-8.mp4", "vp9-444-8.webm", "hevc-420-10.mp4", "av1-420-8.mp4")) {
      feed(DecodeHarness.segments(clip, "s", epoch++));
      expected.addAll(Clip.expectedMd5(Clip.CLIPS.resolve(clip)));
    }
    harness.endInput();
    assertThat(frames()).extracting(FrameObservation::md5).isEqualTo(expected);
    assertThat(frames()).extracting(FrameObservation::timeNs).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void shouldNameSizesAndRemedyWhenAPictureIsLargerThanThePool() throws Exception {
    open(MIB);
    feed(DecodeHarness.segments("hevc-444-8.mp4", "s", 1));
    process(new Admitted.Idle("s"));
    assertThat(events(EventKind.OVER_BUDGET)).hasSize(1);
    assertThat(events(EventKind.OVER_BUDGET).get(0).message())
        .contains("requestedBytes=")
        .contains("poolBytes=")
        .contains("taskmanager.memory.managed.size");
    assertThat(dropped("over-budget") + dropped("waiting-for-key-frame")).isEqualTo(20);
    assertThat(frames()).isEmpty();
  }

  @Test
  void shouldNameTheShareWhenAPictureIsLargerThanThatButNotThanThePool() throws Exception {
    options.set(DecodeOptions.MAX_SESSION_SHARE, 0.1);
    open(16 * MIB);
    feed(DecodeHarness.segments("hevc-444-8.mp4", "s", 1));
    process(new Admitted.Idle("s"));
    assertThat(events(EventKind.OVER_BUDGET)).hasSize(1);
    assertThat(events(EventKind.OVER_BUDGET).get(0).message())
        .startsWith("its pictures need more of the frame pool than one session may hold, ")
        .contains("sessionLimitBytes=")
        .endsWith(": raise decode.max-session-share or taskmanager.memory.managed.size");
    assertThat(frames()).isEmpty();
  }

  @Test
  void shouldSayOverBudgetThoughAPictureHasMorePixelsThanThePoolHasBytes() throws Exception {
    options.set(DecodeOptions.MAX_SESSION_SHARE, 1.0);
    open(256 << 10);
    feed(DecodeHarness.segments(Clip.FOOTAGE.resolve("car-detection.mp4"), "s", 1).subList(0, 2));
    assertThat(events(EventKind.OVER_BUDGET)).hasSize(1);
    assertThat(dropped("over-budget")).isPositive();
    assertThat(dropped("corrupt")).isZero();
  }

  @Test
  void shouldTakeTheDecodersOfIdleSessionsWhenThePoolIsFull() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    open(2 * MIB);
    for (String session : List.of("a", "b", "c", "d", "e", "f")) {
      feed(DecodeHarness.segments("vp8-420-8.webm", session, 1));
      process(new Admitted.Idle(session));
    }
    assertThat(frames()).hasSize(6 * 19);
    assertThat(dropped("over-budget")).isZero();
  }

  @Test
  void shouldSurviveDamageInEveryCodecAndGiveAllMemoryBack() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    open(64 * MIB);
    Random random = new Random(3);
    long epoch = 1;
    for (String clip :
        List.of(
            "h264-420-8.mp4",
            "hevc-422-10.mp4",
            "vp8-420-8.webm",
            "vp9-420-8.webm",
            "av1-444-8.mp4",
            "h264-sizes.h264")) {
      for (Segment segment : DecodeHarness.segments(clip, "s", epoch++)) {
        byte[] noise = segment.getPayload().toByteArray();
        for (int i = 0; i < noise.length / 20; i++) {
          noise[random.nextInt(noise.length)] = (byte) random.nextInt();
        }
        process(
            DecodeHarness.media(
                segment.toBuilder()
                    .setPayload(com.google.protobuf.ByteString.copyFrom(noise))
                    .build()));
      }
      process(new Admitted.Idle("s"));
      process(new Admitted.Forgotten("s"));
    }
    assertThat(events(EventKind.DAMAGED)).extracting(Event::count).isNotEmpty();
    assertThat(events(EventKind.DAMAGED).stream().mapToLong(Event::count).sum())
        .isEqualTo(frames().stream().filter(FrameObservation::damaged).count());
    assertThat(harness.operator().pool().leasedBytes()).isZero();
    assertThat(harness.operator().pool().framesOutstanding()).isZero();
  }

  @Test
  void shouldRaiseAnAlarmAsAnEvent() throws Exception {
    open(32 * MIB);
    Segment key = DecodeHarness.segments("h264-420-8.mp4", "s", 1).get(0);
    long pts = 0;
    for (int i = 0; i < 50; i++) {
      Segment.Builder same = key.toBuilder().setSequence(i);
      same.getAccessUnitsBuilder(0).setPts(pts).setDts(pts);
      pts += key.getTimeBaseDenominator() / 10;
      process(DecodeHarness.media(same.build()));
    }
    assertThat(events(EventKind.ALARM_RAISED)).extracting(Event::name).contains("frozen");
    assertThat(events(EventKind.ALARM_RAISED).get(0).sinceNs()).isNotNull();
  }

  @Test
  void shouldSayOnceThatALeaseDidNotComeBack() throws Exception {
    options.set(DecodeOptions.LEASE_LIMIT, Duration.ofNanos(1));
    open(32 * MIB);
    Lease lease = harness.operator().pool().lease("s", 1, 1_000, 0);
    Lease.Slot lost = lease.take();
    lease.close();
    harness.passSecond();
    harness.passSecond();

    assertThat(events(EventKind.LEASE_OVERDUE)).hasSize(1);
    Event overdue = events(EventKind.LEASE_OVERDUE).get(0);
    assertThat(overdue.session()).isEqualTo("s");
    assertThat(overdue.name()).isEqualTo("closed-lease");
    assertThat(overdue.message()).contains("bytes=65536", "generation=" + lease.generation());
    assertThat(harness.gauge(DecodeMetrics.LEASES_OVERDUE)).isEqualTo(1);

    lease.give(lost.index());
    harness.passSecond();
    assertThat(harness.gauge(DecodeMetrics.LEASES_OVERDUE)).isEqualTo(0);
  }

  @Test
  void shouldFailClearlyWithoutManagedMemory() throws Exception {
    assertThatThrownBy(() -> DecodeHarness.openWithShare(options, 8 * MIB, 0.0))
        .hasMessageContaining("no managed memory is declared");
  }

  private void open(long managedBytes) throws Exception {
    harness = DecodeHarness.open(options, managedBytes);
  }

  private void process(Admitted admitted) throws Exception {
    harness.process(admitted);
  }

  private void feed(List<Segment> segments) throws Exception {
    harness.feed(segments);
  }

  private List<FrameObservation> frames() {
    return harness.frames();
  }

  private List<Event> events(EventKind kind) {
    return harness.events(kind);
  }

  private long dropped(String reason) {
    return harness.dropped(reason);
  }
}
