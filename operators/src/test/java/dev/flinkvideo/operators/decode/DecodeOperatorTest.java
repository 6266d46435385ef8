package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.admission.AdmittedSerializer;
import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.IntervalObservation;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.SegmentBuilder;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing the environment fails if managed memory was leaked; closing the pool if a frame was. */
class DecodeOperatorTest {
  private static final long MIB = 1 << 20;

  private final Configuration options = new Configuration();
  private OneInputStreamOperatorTestHarness<Admitted, Observation> harness;
  private MockEnvironment environment;

  @AfterEach
  void close() throws Exception {
    harness.close();
    assertThat(environment.getMemoryManager().verifyEmpty()).isTrue();
    environment.close();
  }

  @Test
  void shouldObserveEveryPictureOnceInOrder() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(DecodeOptions.PICTURE_MD5, true);
    open(32 * MIB);
    feed(segments("h264-420-8.mp4", "s", 1));
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
    feed(segments("h264-420-8.mp4", "s", 1));
    harness.endInput();
    assertThat(harness.extractOutputValues())
        .allSatisfy(o -> assertThat(o).isInstanceOf(IntervalObservation.class))
        .extracting(o -> ((IntervalObservation) o).frames())
        .containsExactly(13, 7); // 20 pictures at 12.5 per second
  }

  @Test
  void shouldShowWhatIsHeldBackWhenTheSessionIsIdle() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    open(32 * MIB);
    feed(segments("h264-420-8.mp4", "s", 1));
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
    Segment first = segments("h264-420-8.mp4", "s", 1).get(0);
    process(media(first.toBuilder().setCodec("no-such-codec").build()));
    process(media(first.toBuilder().setCodec("mpeg2video").build()));
    assertThat(events(EventKind.UNSUPPORTED))
        .extracting(Event::message)
        .anyMatch(message -> message.contains("no-such-codec"))
        .anyMatch(message -> message.contains("mpeg2video"));
    feed(segments("vp8-420-8.webm", "s", 2));
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
      feed(segments(clip, "s", epoch++));
      expected.addAll(Clip.expectedMd5(Clip.CLIPS.resolve(clip)));
    }
    harness.endInput();
    assertThat(frames()).extracting(FrameObservation::md5).isEqualTo(expected);
    assertThat(frames()).extracting(FrameObservation::timeNs).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void shouldNameSizesAndRemedyWhenAPictureIsLargerThanThePool() throws Exception {
    open(MIB);
    feed(segments("hevc-444-8.mp4", "s", 1));
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
  void shouldTakeTheDecodersOfIdleSessionsWhenThePoolIsFull() throws Exception {
    options.set(DecodeOptions.OBSERVE, "frame");
    open(2 * MIB);
    for (String session : List.of("a", "b", "c", "d", "e", "f")) {
      feed(segments("vp8-420-8.webm", session, 1));
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
      for (Segment segment : segments(clip, "s", epoch++)) {
        byte[] noise = segment.getPayload().toByteArray();
        for (int i = 0; i < noise.length / 20; i++) {
          noise[random.nextInt(noise.length)] = (byte) random.nextInt();
        }
        process(
            media(
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
    assertThat(operator().pool().leasedBytes()).isZero();
    assertThat(operator().pool().framesOutstanding()).isZero();
  }

  @Test
  void shouldRaiseAnAlarmAsAnEvent() throws Exception {
    open(32 * MIB);
    Segment key = segments("h264-420-8.mp4", "s", 1).get(0);
    long pts = 0;
    for (int i = 0; i < 50; i++) {
      Segment.Builder same = key.toBuilder().setSequence(i);
      same.getAccessUnitsBuilder(0).setPts(pts).setDts(pts);
      pts += key.getTimeBaseDenominator() / 10;
      process(media(same.build()));
    }
    assertThat(events(EventKind.ALARM_RAISED)).extracting(Event::name).contains("frozen");
    assertThat(events(EventKind.ALARM_RAISED).get(0).sinceNs()).isNotNull();
  }

  @Test
  void shouldFailClearlyWithoutManagedMemory() throws Exception {
    setup(8 * MIB, 0.0);
    assertThatThrownBy(() -> harness.open()).hasMessageContaining("no managed memory is declared");
  }

  private void open(long managedBytes) throws Exception {
    setup(managedBytes, 1.0);
    harness.open();
    assertThat(environment.getMemoryManager().availableMemory()).isZero();
  }

  private void setup(long managedBytes, double fraction) throws Exception {
    environment =
        new MockEnvironmentBuilder()
            .setTaskName("decode")
            .setManagedMemorySize(managedBytes)
            .build();
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new DecodeOperatorFactory(options), AdmittedSerializer.INSTANCE, environment);
    // The harness presets a state backend that takes half; this operator has the slot to itself.
    harness.getStreamConfig().setStateBackendUsesManagedMemory(false);
    harness
        .getStreamConfig()
        .setManagedMemoryFractionOperatorOfUseCase(ManagedMemoryUseCase.OPERATOR, fraction);
    harness.getStreamConfig().serializeAllConfigs();
    harness.setup(JsonRecordSerializer.OBSERVATIONS.createSerializer(new SerializerConfigImpl()));
  }

  private DecodeOperator operator() {
    return (DecodeOperator) harness.getOneInputOperator();
  }

  private void process(Admitted admitted) throws Exception {
    harness.processElement(new StreamRecord<>(admitted));
    assertThat(operator().pool().framesOutstanding()).isZero();
  }

  private void feed(List<Segment> segments) throws Exception {
    for (Segment segment : segments) {
      process(media(segment));
    }
  }

  private static Admitted media(Segment segment) {
    boolean first = segment.getSequence() == 0;
    return new Admitted.Media(segment, first, segment.getArrivalTimeUs(), 0);
  }

  private static List<Segment> segments(String file, String session, long epoch) {
    Clip clip = Clip.read(Clip.CLIPS.resolve(file));
    StreamFormat format = clip.format();
    List<Segment> segments = new ArrayList<>();
    SegmentBuilder builder =
        new SegmentBuilder(
            new Connection(session, "file", epoch, 0, Transport.TRANSPORT_FILE, format),
            100,
            segments::add);
    long arrivalUs = epoch * 10_000_000;
    for (EncodedUnit unit : clip.units()) {
      builder.add(unit, arrivalUs);
      arrivalUs += 80_000;
    }
    builder.flush();
    return segments;
  }

  private List<FrameObservation> frames() {
    return harness.extractOutputValues().stream()
        .filter(FrameObservation.class::isInstance)
        .map(FrameObservation.class::cast)
        .toList();
  }

  private List<Event> events(EventKind kind) {
    ConcurrentLinkedQueue<StreamRecord<Event>> events =
        harness.getSideOutput(DecodeOperator.EVENTS);
    return events == null
        ? List.of()
        : events.stream().map(StreamRecord::getValue).filter(e -> e.kind() == kind).toList();
  }

  private long dropped(String reason) {
    return events(EventKind.DROPPED).stream()
        .filter(event -> event.name().equals(reason))
        .mapToLong(Event::count)
        .sum();
  }
}
