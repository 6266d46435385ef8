package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.RejectedRecordSerializer;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.VersionRange;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sessions of a key group: loads one, lets {@link SessionMachine} take a step, stores it,
 * emits what came of it and arms the timer; the one place that logs and counts a change. One value
 * of some hundred bytes and at most one timer a session; nothing once it is closed.
 */
public final class SessionFunction extends KeyedProcessFunction<String, SessionRecord, Event> {
  /** What gateways are to do, for {@code video.commands}. */
  public static final OutputTag<SessionCommand> COMMANDS =
      new OutputTag<>("commands", JsonRecordSerializer.COMMANDS);

  /** Where sessions stand, for {@code video.status}. */
  public static final OutputTag<SessionStatus> STATUSES =
      new OutputTag<>("statuses", JsonRecordSerializer.STATUSES);

  /** Records that cannot be read, for {@code video.rejected}. */
  public static final OutputTag<RejectedRecord> REJECTED =
      new OutputTag<>("rejected", RejectedRecordSerializer.TYPE);

  /** What this code writes on {@code video.commands}. */
  private static final VersionRange COMMAND_VERSIONS =
      new VersionRange(SessionCommand.VERSION, SessionCommand.VERSION);

  private static final Logger LOG = LoggerFactory.getLogger(SessionFunction.class);
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;

  private transient long incarnation;
  private transient Hearing hearing;
  private transient SessionMachine machine;
  private transient SessionMetrics metrics;
  private transient RemovedSessions removed;
  private transient ValueState<byte[]> state;

  /** What decoders told last, for statuses; not in state, as they tell again within seconds. */
  private transient Map<String, Decoding> decodings;

  public SessionFunction(ReadableConfig options) {
    this.policy = SessionOptions.policy(options);
  }

  @Override
  public void open(OpenContext context) {
    metrics = new SessionMetrics(getRuntimeContext().getMetricGroup());
    decodings = new HashMap<>();
    removed = new RemovedSessions(policy.reportWithinMs());
    incarnation = ThreadLocalRandom.current().nextLong();
    state =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "session", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void processElement(SessionRecord record, Context context, Collector<Event> out)
      throws Exception {
    try {
      checkKey(record);
      Signal signal = read(record, context, out);
      if (signal != null) {
        step(signal, load(context), context, out);
      }
    } catch (RejectedRecordException e) {
      reject(record, e, context, out);
    }
  }

  @Override
  public void onTimer(long timestampMs, OnTimerContext context, Collector<Event> out)
      throws Exception {
    byte[] bytes = state.value();
    if (bytes == null) {
      return;
    }
    Session session = SessionCodec.read(context.getCurrentKey(), bytes);
    session.timerMs = 0;
    step(new Signal.Tick(), session, context, out);
  }

  /** Null if the record says nothing about its session. */
  private Signal read(SessionRecord record, Context context, Collector<Event> out)
      throws Exception {
    byte[] value = record.record().value();
    return switch (record.kind()) {
      case SPECIFICATION -> specification(record, value);
      case REPORT -> report(record, JsonRecords.readReport(value), context, out);
      case EVENT -> event(record, JsonRecords.readEvent(value), context);
    };
  }

  private Signal specification(SessionRecord record, byte[] value) throws Exception {
    if (value.length == 0) { // what is not known needs no end
      return state.value() == null ? null : new Signal.Removed();
    }
    SessionSpecification specification = JsonRecords.readSpecification(value);
    checkKey(record, specification.session());
    return new Signal.Specified(specification);
  }

  private Signal report(
      SessionRecord record, ConnectionReport report, Context context, Collector<Event> out)
      throws Exception {
    if (report.kind() == ReportKind.GREETING) {
      greet(report, context, out);
      return null;
    }
    checkKey(record, report.session());
    long nowMs = context.timerService().currentProcessingTime();
    if (removed.had(report, nowMs) && state.value() == null) {
      metrics.count(Ignored.UNKNOWN_SESSION);
      return null;
    }
    return new Signal.Reported(report);
  }

  private Signal event(SessionRecord record, Event event, Context context) throws Exception {
    checkKey(record, event.session());
    if (event.kind() == EventKind.DECODED) {
      decoded(event.decoding(), context);
      return null;
    }
    if (event.kind() == EventKind.NOT_RECOVERABLE) {
      return state.value() == null ? null : new Signal.NotRecoverable(event);
    }
    boolean alarm =
        event.kind() == EventKind.ALARM_RAISED || event.kind() == EventKind.ALARM_CLEARED;
    return alarm && event.name() != null ? new Signal.Alarmed(event) : null;
  }

  /**
   * Shows how a session is decoded, if somebody wants it; others are fed by whom no machine knows.
   */
  private void decoded(Decoding decoding, Context context) throws Exception {
    byte[] bytes = state.value();
    if (bytes != null) {
      String session = context.getCurrentKey();
      decodings.put(session, decoding);
      long nowMs = context.timerService().currentProcessingTime();
      context.output(STATUSES, Statuses.of(SessionCodec.read(session, bytes), decoding, nowMs));
    }
  }

  private static void greet(ConnectionReport greeting, Context context, Collector<Event> out) {
    VersionRange reads = greeting.versions();
    if (reads.highestCommon(COMMAND_VERSIONS).isPresent()) {
      return;
    }
    String message =
        "gateway=%s reads commands of versions %d to %d, this job writes %d: upgrade the older one"
            .formatted(greeting.gateway(), reads.oldest(), reads.newest(), SessionCommand.VERSION);
    LOG.warn(message);
    out.collect(
        Event.builder(greeting.gateway(), EventKind.GATEWAY_INCOMPATIBLE)
            .message(message)
            .build(context.timerService().currentProcessingTime() * 1_000));
  }

  private static void checkKey(SessionRecord record) throws RejectedRecordException {
    if (!isSession(record.session())) {
      throw new RejectedRecordException(
          RejectReason.KEY_MISMATCH,
          "the key has %d characters, 1 to %d name a session"
              .formatted(record.session().length(), Segments.MAX_NAME_CHARS));
    }
  }

  private static boolean isSession(String key) {
    return !key.isEmpty() && key.length() <= Segments.MAX_NAME_CHARS;
  }

  private static void checkKey(SessionRecord record, String session)
      throws RejectedRecordException {
    if (!record.session().equals(session)) {
      throw new RejectedRecordException(
          RejectReason.KEY_MISMATCH,
          "key=%s but the record is about session=%s: key it by session"
              .formatted(record.session(), session));
    }
  }

  private void reject(
      SessionRecord record, RejectedRecordException why, Context context, Collector<Event> out) {
    metrics.count(why.reason());
    context.output(REJECTED, new RejectedRecord(record.record(), why.reason(), why.getMessage()));
    if (record.kind() == SessionRecord.Kind.SPECIFICATION && isSession(record.session())) {
      out.collect(
          Event.builder(record.session(), EventKind.SPECIFICATION_REJECTED)
              .name(why.reason().label())
              .message(why.getMessage())
              .build(context.timerService().currentProcessingTime() * 1_000));
    }
  }

  private Session load(Context context) throws Exception {
    byte[] bytes = state.value();
    String session = context.getCurrentKey();
    return bytes == null
        ? new Session(session, context.timerService().currentProcessingTime())
        : SessionCodec.read(session, bytes);
  }

  private void step(Signal signal, Session before, Context context, Collector<Event> out)
      throws Exception {
    long nowMs = context.timerService().currentProcessingTime();
    Step step = machine(signal, nowMs).step(before, signal, nowMs);
    metrics.count(step);
    emit(step, nowMs, context, out);
    store(step.session(), context);
  }

  /** Timers that are overdue after a restore come at once: with the first the run begins. */
  private SessionMachine machine(Signal signal, long nowMs) {
    Hearing now = (hearing == null ? Hearing.begins(nowMs) : hearing).after(signal, nowMs);
    if (now != hearing) {
      hearing = now;
      machine = new SessionMachine(policy, incarnation, hearing);
    }
    return machine;
  }

  private void emit(Step step, long nowMs, Context context, Collector<Event> out) {
    Session session = step.session();
    if (step.command() != null) { // first, as somebody waits for it
      context.output(COMMANDS, step.command());
    }
    for (Change change : step.changes()) {
      LOG.info(
          "session={} from={} to={} reason={} source={} stoodMs={} {}",
          session.name,
          change.from().label(),
          change.to().label(),
          change.reason().label(),
          change.source(),
          change.stoodMs(),
          change.detail());
      out.collect(event(session, change).build(nowMs * 1_000));
    }
    for (String source : step.quarantined()) {
      out.collect(
          Event.builder(session.name, EventKind.SOURCE_QUARANTINED)
              .connection(source, session.lastNumber)
              .message("untilMs=" + session.source(source).penalty.quarantinedUntilMs)
              .build(nowMs * 1_000));
    }
    if (step.statusChanged()) {
      context.output(STATUSES, Statuses.of(session, decodings.get(session.name), nowMs));
    }
  }

  private static Event.Builder event(Session session, Change change) {
    Event.Builder event =
        Event.builder(session.name, EventKind.SESSION_CHANGED)
            .name(change.reason().label())
            .change(change.from().label(), change.to().label(), change.stoodMs());
    if (change.source() != null) {
      event.connection(change.source(), change.epoch());
    }
    return change.detail().isEmpty() ? event : event.message(change.detail());
  }

  private void store(Session session, Context context) throws Exception {
    if (session.isForgotten()) {
      if (session.timerMs > 0) {
        context.timerService().deleteProcessingTimeTimer(session.timerMs);
      }
      if (session.reason == Reason.REMOVED) {
        removed.add(session, context.timerService().currentProcessingTime());
      }
      state.clear();
      decodings.remove(session.name);
      return;
    }
    arm(session, context);
    state.update(SessionCodec.write(session));
  }

  /** The timer is a wake-up: one that sleeps too short is armed anew, one too long is replaced. */
  private static void arm(Session session, Context context) {
    if (session.timerMs > 0 && session.timerMs <= session.deadlineMs) {
      return;
    }
    if (session.timerMs > 0) {
      context.timerService().deleteProcessingTimeTimer(session.timerMs);
    }
    context.timerService().registerProcessingTimeTimer(session.deadlineMs);
    session.timerMs = session.deadlineMs;
  }
}
