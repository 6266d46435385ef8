package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.metrics.TaskMetrics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** Asks the function in Flink's harness, with state and timers in RocksDB. */
final class FunctionDecider implements Decider {
  private static final long MANAGED_BYTES = 64 << 20;

  final KeyedOneInputStreamOperatorTestHarness<String, SessionRecord, Event> harness;
  final TaskMetrics metrics = new TaskMetrics();
  private final MockEnvironment environment;
  private int seenEvents;
  private int seenCommands;
  private long nowMs;

  FunctionDecider(long nowMs) throws Exception {
    this(nowMs, null);
  }

  FunctionDecider(long nowMs, OperatorSubtaskState snapshot) throws Exception {
    this.nowMs = nowMs;
    environment =
        new MockEnvironmentBuilder()
            .setTaskName("session")
            .setManagedMemorySize(MANAGED_BYTES)
            .setMaxParallelism(16)
            .setParallelism(1)
            .setSubtaskIndex(0)
            .setMetricGroup(metrics.task())
            .build();
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new SessionFunction(new Configuration())),
            SessionRecord::session,
            Types.STRING,
            environment);
    harness.setStateBackend(new EmbeddedRocksDBStateBackend(/* incremental= */ false));
    harness
        .getStreamConfig()
        .setManagedMemoryFractionOperatorOfUseCase(ManagedMemoryUseCase.STATE_BACKEND, 1.0);
    harness.getStreamConfig().serializeAllConfigs();
    harness.setup(JsonRecordSerializer.EVENTS.createSerializer(null));
    harness.setProcessingTime(nowMs);
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  @Override
  public Decided decide(Signal signal, long atMs) {
    try {
      advanceTo(atMs);
      if (signal instanceof Signal.Specified specified) {
        process(SessionRecord.Kind.SPECIFICATION, JsonRecords.write(specified.specification()));
      } else if (signal instanceof Signal.Reported reported) {
        process(SessionRecord.Kind.REPORT, JsonRecords.write(reported.report()));
      } else if (signal instanceof Signal.Alarmed alarmed) {
        process(SessionRecord.Kind.EVENT, JsonRecords.write(alarmed.event()));
      } else if (signal instanceof Signal.NotRecoverable tooMuch) {
        process(SessionRecord.Kind.EVENT, JsonRecords.write(tooMuch.event()));
      } else if (signal instanceof Signal.Removed) {
        process(SessionRecord.Kind.SPECIFICATION, new byte[0]);
      }
      return decided();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void advanceTo(long atMs) throws Exception {
    nowMs = Math.max(nowMs, atMs);
    harness.setProcessingTime(nowMs);
  }

  void process(SessionRecord.Kind kind, byte[] value) throws Exception {
    process(kind, "lobby", value);
  }

  void process(SessionRecord.Kind kind, String key, byte[] value) throws Exception {
    SegmentRecord record = new SegmentRecord(key, "", 0, 0, nowMs * 1_000, nowMs * 1_000, value);
    harness.processElement(new StreamRecord<>(new SessionRecord(kind, record)));
  }

  private Decided decided() {
    List<Event> events = events();
    List<Change> changes = new ArrayList<>();
    List<String> quarantined = new ArrayList<>();
    for (Event event : events.subList(seenEvents, events.size())) {
      if (event.kind() == EventKind.SESSION_CHANGED) {
        changes.add(change(event));
      } else if (event.kind() == EventKind.SOURCE_QUARANTINED) {
        quarantined.add(event.source());
      }
    }
    seenEvents = events.size();
    List<SessionCommand> commands = commands();
    SessionCommand command =
        commands.size() > seenCommands ? commands.get(commands.size() - 1) : null;
    seenCommands = commands.size();
    return new Decided(changes, command, quarantined);
  }

  private static Change change(Event event) {
    return new Change(
        state(event.from()),
        state(event.to()),
        Arrays.stream(Reason.values())
            .filter(reason -> reason.label().equals(event.name()))
            .findFirst()
            .orElseThrow(),
        event.source(),
        event.epoch() == null ? 0 : event.epoch(),
        event.stoodMs(),
        event.message() == null ? "" : event.message());
  }

  private static SessionState state(String label) {
    return Arrays.stream(SessionState.values())
        .filter(state -> state.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  List<Event> events() {
    return harness.extractOutputValues();
  }

  List<SessionCommand> commands() {
    return side(SessionFunction.COMMANDS);
  }

  List<SessionStatus> statuses() {
    return side(SessionFunction.STATUSES);
  }

  List<RejectedRecord> rejected() {
    return side(SessionFunction.REJECTED);
  }

  private <T> List<T> side(OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = harness.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  long stateEntries() {
    return harness
        .getOperator()
        .getKeyedStateBackend()
        .getKeys("session", VoidNamespace.INSTANCE)
        .count();
  }

  /** Null if there is none. */
  Session session() {
    try {
      harness.getOperator().setCurrentKey("lobby");
      byte[] bytes =
          harness
              .getOperator()
              .getKeyedStateBackend()
              .getPartitionedState(
                  VoidNamespace.INSTANCE,
                  VoidNamespaceSerializer.INSTANCE,
                  new ValueStateDescriptor<>(
                      "session", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO))
              .value();
      return bytes == null ? null : SessionCodec.read("lobby", bytes);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long deadlineMs() {
    Session session = session();
    return session == null ? Long.MAX_VALUE : session.timerMs;
  }

  @Override
  public SessionState state() {
    Session session = session();
    return session == null ? SessionState.CLOSED : session.state;
  }

  void close() throws Exception {
    harness.close();
    environment.close();
  }
}
