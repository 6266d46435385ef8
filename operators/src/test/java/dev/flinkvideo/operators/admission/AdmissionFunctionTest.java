package dev.flinkvideo.operators.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With state and timers in RocksDB, and time advanced by hand. */
class AdmissionFunctionTest {
  private static final long STALL_MS = 3_000;
  private static final long FORGET_MS = 60_000;
  private static final long STEP_MS = 100;
  private static final long MANAGED_BYTES = 64 << 20;

  private KeyedOneInputStreamOperatorTestHarness<String, SegmentRecord, Admitted> harness;
  private MockEnvironment environment;
  private long nowMs = 1_000_000;

  @BeforeEach
  void open() throws Exception {
    open(null);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
    environment.close();
  }

  @Test
  void shouldSayThatASessionStreamsAndWhichConnectionItIs() throws Exception {
    process(segment("a", 7, 0, true));
    process(segment("a", 7, 1, false));

    assertThat(took())
        .containsExactly("a STREAMING", "a CONNECTION_CHANGED", "a media 0 restart", "a media 1");
  }

  @Test
  void shouldNoticeThatASessionStallsAndThatItGoesOn() throws Exception {
    process(segment("a", 1, 0, true));
    advance(STALL_MS - 1);
    assertThat(took()).doesNotContain("a idle");

    advance(1);
    assertThat(took()).endsWith("a idle", "a STALLED");

    advance(STALL_MS);
    process(segment("a", 1, 1, false));
    assertThat(took()).endsWith("a idle", "a STALLED", "a STREAMING", "a media 1");

    advance(STALL_MS);
    assertThat(took()).endsWith("a media 1", "a idle", "a STALLED");
  }

  @Test
  void shouldCountTheStallTimeFromTheNewestSegment() throws Exception {
    for (int sequence = 0; sequence < 10; sequence++) {
      process(segment("a", 1, sequence, sequence == 0));
      advance(STALL_MS - 1_000);
    }
    assertThat(took()).doesNotContain("a STALLED");

    advance(1_000);
    assertThat(took()).endsWith("a idle", "a STALLED");
  }

  @Test
  void shouldHaveOneTimerPerSessionHoweverManySegmentsCome() throws Exception {
    for (int sequence = 0; sequence < 100; sequence++) {
      process(segment("a", 1, sequence, sequence == 0));
      process(segment("b", 1, sequence, sequence == 0));
      assertThat(harness.numProcessingTimeTimers()).isEqualTo(2);
      advance(100);
    }
    advance(STALL_MS);
    assertThat(harness.numProcessingTimeTimers()).isEqualTo(2);
    process(segment("a", 1, 100, false));
    assertThat(harness.numProcessingTimeTimers()).isEqualTo(2);
  }

  @Test
  void shouldForgetAStalledSessionAltogether() throws Exception {
    process(segment("a", 5, 0, true));
    advance(STALL_MS);
    advance(FORGET_MS - 1);
    assertThat(took()).doesNotContain("a forgotten");
    assertThat(stateEntries()).isOne();

    advance(1);
    assertThat(took()).endsWith("a forgotten");
    assertThat(stateEntries()).isZero();
    assertThat(harness.numProcessingTimeTimers()).isZero();

    process(segment("a", 2, 0, true)); // older than the one it forgot
    assertThat(took()).endsWith("a STREAMING", "a CONNECTION_CHANGED", "a media 0 restart");
  }

  @Test
  void shouldNotTakeAnOldConnectionForALivingSession() throws Exception {
    process(segment("a", 2, 0, true));
    for (int sequence = 0; sequence < 4; sequence++) {
      advance(1_000);
      process(segment("a", 1, sequence, true));
    }

    assertThat(took()).contains("a STALLED").doesNotContain("a media 1");
    advance(FORGET_MS);
    assertThat(dropped("stale-connection")).isEqualTo(4);
    assertThat(took()).endsWith("a forgotten");
  }

  @Test
  void shouldNotTakeItsOwnBacklogForSilence() throws Exception {
    process(segment("a", 1, 0, true));
    long fetchedMs = nowMs;
    for (int sequence = 0; sequence < 10; sequence++) {
      process(segment("b", 1, sequence, sequence == 0), fetchedMs);
      advance(1_000);
    }
    process(segment("a", 1, 1, false), fetchedMs);
    assertThat(took()).doesNotContain("a STALLED").endsWith("a media 1");

    advance(2 * STALL_MS);
    assertThat(took()).contains("a STALLED", "b STALLED");
  }

  @Test
  void shouldNotTakeItsOwnSlownessForSilence() throws Exception {
    process(segment("a", 1, 0, true));
    long appendedMs = nowMs + 100;
    block(2 * STALL_MS);
    process(segment("a", 1, 1, false), appendedMs, nowMs);
    assertThat(took()).doesNotContain("a STALLED").endsWith("a media 1");

    advance(2 * STALL_MS);
    assertThat(took()).endsWith("a idle", "a STALLED");
  }

  /** A short one neither: the deadline has hardly passed when the task is there again. */
  @ParameterizedTest
  @ValueSource(longs = {STALL_MS - 1, STALL_MS, STALL_MS + STALL_MS / 5, 10 * STALL_MS})
  void shouldNotTakeItsOwnAbsenceForSilence(long absentMs) throws Exception {
    process(segment("a", 1, 0, true));
    long appendedMs = nowMs + 100;
    OperatorSubtaskState snapshot = harness.snapshot(1, nowMs);
    close();
    nowMs += absentMs;
    open(snapshot);

    advance(1);
    assertThat(took()).isEmpty();
    process(segment("a", 1, 1, false), appendedMs, nowMs);
    assertThat(took()).containsExactly("a media 1");
    advance(STALL_MS);
    assertThat(took()).endsWith("a idle", "a STALLED");
  }

  @Test
  void shouldSayTheSameOfAStallWhenTheLogIsReadAgain() throws Exception {
    long firstMs = nowMs;
    process(segment("a", 1, 0, true));
    advance(STALL_MS);
    process(segment("a", 1, 1, false));
    advance(STALL_MS - 1);
    process(segment("a", 1, 2, false));
    List<String> live = took();
    assertThat(live).containsOnlyOnce("a idle", "a STALLED").endsWith("a media 1", "a media 2");

    close();
    nowMs += FORGET_MS;
    open(null);
    process(segment("a", 1, 0, true), firstMs, nowMs);
    process(segment("a", 1, 1, false), firstMs + STALL_MS, nowMs);
    process(segment("a", 1, 2, false), firstMs + 2 * STALL_MS - 1, nowMs);
    assertThat(took()).isEqualTo(live);
    assertThat(harness.numProcessingTimeTimers()).isOne();

    advance(2 * STALL_MS);
    assertThat(took()).endsWith("a media 2", "a idle", "a STALLED");
  }

  @Test
  void shouldGoOnAfterARestoreAsIfNothingHadHappened() throws Exception {
    process(segment("a", 3, 0, true));
    process(segment("a", 3, 1, false));
    process(segment("b", 3, 0, true));
    OperatorSubtaskState snapshot = harness.snapshot(1, nowMs);
    close();
    open(snapshot);
    assertThat(harness.numProcessingTimeTimers()).isEqualTo(2);

    process(segment("a", 3, 1, false)); // read again
    process(segment("a", 2, 9, true));
    process(segment("a", 3, 2, false));
    process(segment("b", 3, 4, false));

    assertThat(took())
        .containsExactly(
            "a DROPPED", "a DROPPED", "a media 2", "b DROPPED", "b DROPPED"); // gap and waiting
    assertThat(dropped("duplicate")).isOne();
    assertThat(dropped("stale-connection")).isOne();
    assertThat(dropped("sequence-gap")).isEqualTo(3);
    assertThat(dropped("waiting-for-key-frame")).isOne();
  }

  @Test
  void shouldRejectWhatItCannotReadAndKeepNothingOfIt() throws Exception {
    byte[] noise = "no segment at all".getBytes(UTF_8);
    Segment good = segment("a", 1, 0, true);
    process(record("a", "", noise));
    process(record("a", Segments.CONTENT_TYPE, Segments.write(segment("b", 1, 0, true))));
    process(record("a", "image/png", noise));
    process(record("", "video/mp4", noise));
    process(
        record("a", "", Segments.write(good.toBuilder().setVersion(Segments.VERSION + 1).build())));
    process(record("a", "", Segments.write(good.toBuilder().setTimeBaseNumerator(0).build())));

    assertThat(rejected())
        .extracting(RejectedRecord::reason)
        .containsExactly(
            RejectReason.UNREADABLE,
            RejectReason.KEY_MISMATCH,
            RejectReason.CONTENT_TYPE,
            RejectReason.KEY_MISMATCH,
            RejectReason.NEWER_VERSION,
            RejectReason.INVALID);
    assertThat(rejected().get(0).record().value()).isEqualTo(noise);
    assertThat(took()).isEmpty();
    assertThat(stateEntries()).isZero();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void shouldLetAConnectionOfAGatewaySupersedeContainers() throws Exception {
    process(record("a", "video/mp4", new byte[10]));
    process(segment("a", 1, 0, true));
    process(record("a", "video/mp4", new byte[10]));

    assertThat(took())
        .containsExactly(
            "a STREAMING",
            "a CONNECTION_CHANGED",
            "a container",
            "a CONNECTION_CHANGED",
            "a media 0 restart",
            "a DROPPED");
    assertThat(dropped("stale-connection")).isOne();
  }

  private void open(OperatorSubtaskState snapshot) throws Exception {
    Configuration options = new Configuration();
    options.set(AdmissionOptions.STALL_AFTER, Duration.ofMillis(STALL_MS));
    options.set(AdmissionOptions.FORGET_AFTER, Duration.ofMillis(FORGET_MS));
    environment =
        new MockEnvironmentBuilder()
            .setTaskName("admission")
            .setManagedMemorySize(MANAGED_BYTES)
            .setMaxParallelism(16)
            .setParallelism(1)
            .setSubtaskIndex(0)
            .build();
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new AdmissionFunction(options)),
            SegmentRecord::session,
            Types.STRING,
            environment);
    harness.setStateBackend(new EmbeddedRocksDBStateBackend(/* incremental= */ true));
    harness
        .getStreamConfig()
        .setManagedMemoryFractionOperatorOfUseCase(ManagedMemoryUseCase.STATE_BACKEND, 1.0);
    harness.getStreamConfig().serializeAllConfigs();
    harness.setup(AdmittedSerializer.INSTANCE);
    harness.setProcessingTime(nowMs);
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  /** Lets time pass as it does: timers fire when they are due. */
  private void advance(long ms) throws Exception {
    for (long end = nowMs + ms; nowMs < end; ) {
      nowMs = Math.min(end, nowMs + STEP_MS);
      harness.setProcessingTime(nowMs);
    }
  }

  /** The task does something else meanwhile: timers fire late. */
  private void block(long ms) throws Exception {
    nowMs += ms;
    harness.setProcessingTime(nowMs);
  }

  private void process(Segment segment) throws Exception {
    process(segment, nowMs);
  }

  private void process(Segment segment, long fetchedMs) throws Exception {
    process(segment, fetchedMs, fetchedMs);
  }

  private void process(Segment segment, long appendedMs, long fetchedMs) throws Exception {
    process(
        new SegmentRecord(
            segment.getSession(),
            Segments.CONTENT_TYPE,
            0,
            0,
            appendedMs * 1_000,
            fetchedMs * 1_000,
            Segments.write(segment)));
  }

  private SegmentRecord record(String session, String contentType, byte[] value) {
    return new SegmentRecord(session, contentType, 0, 17, nowMs * 1_000, nowMs * 1_000, value);
  }

  private void process(SegmentRecord record) throws Exception {
    harness.processElement(new StreamRecord<>(record));
  }

  private static Segment segment(String session, long epoch, long sequence, boolean key) {
    return Segment.newBuilder()
        .setVersion(Segments.VERSION)
        .setSession(session)
        .setSource("truck")
        .setEpoch(epoch)
        .setSequence(sequence)
        .setTimeBaseNumerator(1)
        .setTimeBaseDenominator(1_000)
        .addAccessUnits(AccessUnit.newBuilder().setKey(key).setSize(1))
        .setPayload(ByteString.copyFrom(new byte[1]))
        .build();
  }

  /** What came out so far, in words. */
  private List<String> took() {
    return harness.extractOutputValues().stream().map(AdmissionFunctionTest::describe).toList();
  }

  private static String describe(Admitted admitted) {
    if (admitted instanceof Admitted.Media media) {
      String restart = media.restart() ? " restart" : "";
      return media.session() + " media " + media.segment().getSequence() + restart;
    }
    if (admitted instanceof Admitted.Noted noted) {
      return noted.session() + " " + noted.event().kind();
    }
    if (admitted instanceof Admitted.Container) {
      return admitted.session() + " container";
    }
    return admitted.session() + (admitted instanceof Admitted.Idle ? " idle" : " forgotten");
  }

  private long dropped(String reason) {
    return harness.extractOutputValues().stream()
        .filter(Admitted.Noted.class::isInstance)
        .map(admitted -> ((Admitted.Noted) admitted).event())
        .filter(event -> event.kind() == EventKind.DROPPED && event.name().equals(reason))
        .mapToLong(Event::count)
        .sum();
  }

  private List<RejectedRecord> rejected() {
    Queue<StreamRecord<RejectedRecord>> rejected =
        harness.getSideOutput(AdmissionFunction.REJECTED);
    return rejected == null ? List.of() : rejected.stream().map(StreamRecord::getValue).toList();
  }

  private long stateEntries() {
    return harness
        .getOperator()
        .getKeyedStateBackend()
        .getKeys("admission", VoidNamespace.INSTANCE)
        .count();
  }
}
