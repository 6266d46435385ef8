package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.admission.AdmittedSerializer;
import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.metrics.TaskMetrics;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.SegmentBuilder;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/**
 * The decode operator by itself, with as much managed memory as a test gives it. Closing it fails
 * if managed memory, a lease or a frame was leaked.
 */
final class DecodeHarness implements AutoCloseable {
  private final MockEnvironment environment;
  private final OneInputStreamOperatorTestHarness<Admitted, Observation> harness;
  private final TaskMetrics metrics;
  private long checkpoint;

  private DecodeHarness(
      MockEnvironment environment,
      OneInputStreamOperatorTestHarness<Admitted, Observation> harness,
      TaskMetrics metrics) {
    this.environment = environment;
    this.harness = harness;
    this.metrics = metrics;
  }

  static DecodeHarness open(Configuration options, long managedBytes) throws Exception {
    return openWithShare(options, managedBytes, 1.0);
  }

  static DecodeHarness openWithShare(Configuration options, long managedBytes, double fraction)
      throws Exception {
    return open(options, managedBytes, fraction, null);
  }

  /** One that goes on from where another stood at its {@link #checkpoint}. */
  static DecodeHarness restore(
      Configuration options, long managedBytes, OperatorSubtaskState checkpoint) throws Exception {
    return open(options, managedBytes, 1.0, checkpoint);
  }

  private static DecodeHarness open(
      Configuration options, long managedBytes, double fraction, OperatorSubtaskState checkpoint)
      throws Exception {
    TaskMetrics metrics = new TaskMetrics();
    MockEnvironment environment =
        new MockEnvironmentBuilder()
            .setTaskName("decode")
            .setMetricGroup(metrics.task())
            .setManagedMemorySize(managedBytes)
            .build();
    OneInputStreamOperatorTestHarness<Admitted, Observation> harness =
        new OneInputStreamOperatorTestHarness<>(
            new DecodeOperatorFactory(options), AdmittedSerializer.INSTANCE, environment);
    // Flink's keyed harness takes no factory together with an environment.
    KeySelector<Admitted, String> session = Admitted::session;
    harness.getStreamConfig().setStatePartitioner(0, session);
    harness.getStreamConfig().setStateKeySerializer(StringSerializer.INSTANCE);
    // The harness presets a state backend that takes half; this operator has the slot to itself.
    harness.getStreamConfig().setStateBackendUsesManagedMemory(false);
    harness
        .getStreamConfig()
        .setManagedMemoryFractionOperatorOfUseCase(ManagedMemoryUseCase.OPERATOR, fraction);
    harness.getStreamConfig().serializeAllConfigs();
    harness.setup(JsonRecordSerializer.OBSERVATIONS.createSerializer(new SerializerConfigImpl()));
    if (checkpoint != null) {
      harness.initializeState(checkpoint);
    }
    harness.open();
    assertThat(environment.getMemoryManager().availableMemory()).isZero();
    return new DecodeHarness(environment, harness, metrics);
  }

  DecodeOperator operator() {
    return (DecodeOperator) harness.getOneInputOperator();
  }

  void process(Admitted admitted) throws Exception {
    harness.processElement(new StreamRecord<>(admitted));
    assertThat(operator().pool().framesOutstanding()).isZero();
  }

  void feed(List<Segment> segments) throws Exception {
    for (Segment segment : segments) {
      process(media(segment));
    }
  }

  /** A checkpoint as the barrier makes it. */
  OperatorSubtaskState checkpoint() throws Exception {
    checkpoint++;
    harness.prepareSnapshotPreBarrier(checkpoint);
    return harness.snapshot(checkpoint, checkpoint);
  }

  /** Closes the decoder of this session, the only one that is open. */
  void suspend() throws Exception {
    operator().makeRoomFor("another");
    assertThat(operator().pool().leasedBytes()).isZero();
  }

  /**
   * Ends a session and forgets what came of it.
   *
   * @return its pictures
   */
  List<FrameObservation> end(String session) throws Exception {
    process(new Admitted.Idle(session));
    process(new Admitted.Forgotten(session));
    assertThat(operator().pool().leasedBytes()).isZero();
    List<FrameObservation> seen = frames();
    forgetOutput();
    return seen;
  }

  /** A second passes, by the clock of Flink's timers. */
  void passSecond() throws Exception {
    harness.setProcessingTime(harness.getProcessingTime() + 1_000);
  }

  void endInput() throws Exception {
    harness.endInput();
  }

  List<Observation> observations() {
    return harness.extractOutputValues();
  }

  /** The small value that the operator keeps of a session. */
  byte[] state(String session) throws Exception {
    operator().setCurrentKey(session);
    return smallState().value();
  }

  /** Somebody else wrote a session's small value. */
  void changeState(String session, UnaryOperator<byte[]> change) throws Exception {
    byte[] changed = change.apply(state(session));
    smallState().update(changed);
  }

  /** The prefix of a session as it lies in state: chunks by the number of their first unit. */
  MapState<Long, byte[]> chunks(String session) throws Exception {
    operator().setCurrentKey(session);
    return operator()
        .getKeyedStateBackend()
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new MapStateDescriptor<>(
                "prefix", Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  private ValueState<byte[]> smallState() throws Exception {
    return operator()
        .getKeyedStateBackend()
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>(
                "session", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  /** What came out so far is done with. */
  void forgetOutput() {
    harness.getOutput().clear();
    ConcurrentLinkedQueue<StreamRecord<Event>> events =
        harness.getSideOutput(DecodeOperator.EVENTS);
    if (events != null) {
      events.clear();
    }
  }

  List<FrameObservation> frames() {
    return observations().stream()
        .filter(FrameObservation.class::isInstance)
        .map(FrameObservation.class::cast)
        .toList();
  }

  List<Event> events(EventKind kind) {
    ConcurrentLinkedQueue<StreamRecord<Event>> events =
        harness.getSideOutput(DecodeOperator.EVENTS);
    return events == null
        ? List.of()
        : events.stream().map(StreamRecord::getValue).filter(e -> e.kind() == kind).toList();
  }

  /** A counter's value; the metrics are its own. */
  long count(String counter, String reason) {
    return metrics.count(counter, reason);
  }

  long count(String counter) {
    return metrics.count(counter);
  }

  Object gauge(String gauge) {
    return metrics.gauge(gauge);
  }

  long dropped(String reason) {
    return events(EventKind.DROPPED).stream()
        .filter(event -> event.name().equals(reason))
        .mapToLong(Event::count)
        .sum();
  }

  @Override
  public void close() {
    try {
      harness.close();
      assertThat(environment.getMemoryManager().verifyEmpty()).isTrue();
      environment.close();
    } catch (Exception e) {
      throw new AssertionError("the operator does not close", e);
    }
  }

  static Admitted media(Segment segment) {
    return media(segment, segment.getArrivalTimeUs());
  }

  static Admitted media(Segment segment, long appendUs) {
    boolean first = segment.getSequence() == 0;
    return new Admitted.Media(segment, first, List.of(), appendUs, 0);
  }

  /** A segment of one access unit, whose time stamps are milliseconds. */
  static Segment segment(String session, StreamFormat format, long sequence, EncodedUnit unit) {
    return Segment.newBuilder()
        .setVersion(Segments.VERSION)
        .setSession(session)
        .setSequence(sequence)
        .setCodec(format.codec())
        .setCodecConfiguration(ByteString.copyFrom(format.configuration()))
        .setTimeBaseNumerator(1)
        .setTimeBaseDenominator(1_000)
        .addAccessUnits(
            AccessUnit.newBuilder()
                .setKey(unit.key())
                .setPts(unit.pts())
                .setDts(unit.dts())
                .setSize(unit.data().length))
        .setPayload(ByteString.copyFrom(unit.data()))
        .build();
  }

  static List<Segment> segments(String file, String session, long epoch) {
    return segments(Clip.CLIPS.resolve(file), session, epoch);
  }

  static List<Segment> segments(Path file, String session, long epoch) {
    Clip clip = Clip.read(file);
    List<Segment> segments = new ArrayList<>();
    SegmentBuilder builder =
        new SegmentBuilder(
            new Connection(session, "file", epoch, 0, Transport.TRANSPORT_FILE, clip.format()),
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
}
