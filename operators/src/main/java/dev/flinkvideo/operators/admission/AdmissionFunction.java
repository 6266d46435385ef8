package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.RejectedRecordSerializer;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.metrics.Clock;
import dev.flinkvideo.operators.metrics.Described;
import dev.flinkvideo.operators.metrics.Described.Type;
import dev.flinkvideo.operators.metrics.Drops;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Reads the records of a session, rejects what is none, admits what {@link Admission} says, and
 * notices when a session stalls. Keeps one small value, what {@link RecentUnits} remembers, and at
 * most one timer per session.
 */
public final class AdmissionFunction extends KeyedProcessFunction<String, SegmentRecord, Admitted> {
  /** Records that cannot be read, for {@code video.rejected}. */
  public static final OutputTag<RejectedRecord> REJECTED =
      new OutputTag<>("rejected", RejectedRecordSerializer.TYPE);

  @Described(
      value = "that could not be read, see [protocol.md](protocol.md)",
      type = Type.COUNTER,
      unit = "records",
      labels = "reason",
      worry = "it grows: see `video.rejected`")
  public static final String REJECTED_COUNTER = "rejected";

  private static final String FIRST_CONNECTION = "the first connection";
  private static final long serialVersionUID = 1L;

  private final long stallAfterMs;
  private final long forgetAfterMs;
  private final long overlapWithinUs;
  private final long arrivalSlackUs;

  private transient ValueState<byte[]> state;
  private transient RecentUnits recent;
  private transient Drops drops;
  private transient Map<RejectReason, Counter> rejected;
  private transient Collector<Admitted> out;

  /**
   * Until when silence proves nothing: records before it had to wait for their turn, so a session's
   * own may be waiting still. Not in state: a restored task finds out anew.
   */
  private transient long behindUntilMs;

  public AdmissionFunction(ReadableConfig options) {
    this.stallAfterMs = options.get(AdmissionOptions.STALL_AFTER).toMillis();
    this.forgetAfterMs = options.get(AdmissionOptions.FORGET_AFTER).toMillis();
    this.overlapWithinUs = options.get(AdmissionOptions.OVERLAP_WITHIN).toNanos() / 1_000;
    this.arrivalSlackUs = options.get(AdmissionOptions.ARRIVAL_SLACK).toNanos() / 1_000;
  }

  @Override
  public void open(OpenContext context) {
    state =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "admission", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    recent = new RecentUnits(getRuntimeContext(), overlapWithinUs, arrivalSlackUs);
    rejected = new EnumMap<>(RejectReason.class);
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(
          reason,
          getRuntimeContext()
              .getMetricGroup()
              .addGroup("reason", reason.label())
              .counter(REJECTED_COUNTER));
    }
    drops =
        new Drops(
            getRuntimeContext().getMetricGroup(),
            Clock.SYSTEM,
            event -> out.collect(new Admitted.Noted(event)));
  }

  @Override
  public void processElement(SegmentRecord record, Context context, Collector<Admitted> collector)
      throws Exception {
    out = collector;
    noticeBacklog(record.fetchUs() / 1_000, context);
    try {
      checkKey(record);
      switch (record.contentType()) {
        case "", Segments.CONTENT_TYPE -> segment(record, context);
        case "video/mp2t", "video/mp4" -> container(record, context);
        default ->
            throw new RejectedRecordException(
                RejectReason.CONTENT_TYPE,
                "content-type=%s: send %s, video/mp2t or video/mp4"
                    .formatted(record.contentType(), Segments.CONTENT_TYPE));
      }
    } catch (RejectedRecordException e) {
      reject(record, e, context);
    }
  }

  @Override
  public void onTimer(long timestampMs, OnTimerContext context, Collector<Admitted> collector)
      throws Exception {
    out = collector;
    byte[] bytes = state.value();
    if (bytes == null) {
      return;
    }
    String session = context.getCurrentKey();
    AdmissionState current = AdmissionState.read(bytes);
    long nowMs = context.timerService().currentProcessingTime();
    noticeBacklog(timestampMs, context);
    long dueMs =
        current.stalled() ? current.deadlineMs() : Math.max(current.deadlineMs(), behindUntilMs);
    if (nowMs < dueMs) {
      wakeUp(current, current.stalled(), dueMs, context);
      return;
    }
    drops.flush(session);
    if (current.stalled()) {
      recent.forget(current.recent());
      state.clear();
      out.collect(new Admitted.Forgotten(session));
      return;
    }
    stall(session, current);
    wakeUp(current, true, nowMs + forgetAfterMs, context);
  }

  /**
   * A record or a timer comes late if the task is busy. A task that begins was not running, for
   * however long.
   */
  private void noticeBacklog(long dueMs, Context context) {
    long nowMs = context.timerService().currentProcessingTime();
    if (behindUntilMs == 0 || nowMs - dueMs > stallAfterMs / 4) {
      behindUntilMs = nowMs + stallAfterMs;
    }
  }

  private static void checkKey(SegmentRecord record) throws RejectedRecordException {
    if (record.session().length() > Segments.MAX_NAME_CHARS) {
      throw new RejectedRecordException(
          RejectReason.INVALID,
          "the key has %d characters, at most %d name a session"
              .formatted(record.session().length(), Segments.MAX_NAME_CHARS));
    }
  }

  private void segment(SegmentRecord record, Context context) throws Exception {
    Segment segment = Segments.read(record.value());
    if (!segment.getSession().equals(record.session())) {
      throw new RejectedRecordException(
          RejectReason.KEY_MISMATCH,
          "key=%s but the segment belongs to session=%s: key segments by session"
              .formatted(record.session(), segment.getSession()));
    }
    AdmissionState before = load();
    Admission.Verdict verdict = Admission.decide(before, segment);
    if (verdict.missing() > Admission.MAX_MISSING) {
      throw new RejectedRecordException(
          RejectReason.INVALID,
          "sequence=%d comes after %d: it counts the segments of one connection, one by one"
              .formatted(segment.getSequence(), before.lastSequence()));
    }
    AdmissionState after = verdict.state();
    if (verdict.drop() != DropReason.STALE_CONNECTION && verdict.drop() != DropReason.DUPLICATE) {
      after = streaming(before, after, record, context, event -> place(event, segment));
    }
    if (verdict.missing() > 0) {
      count(segment, DropReason.SEQUENCE_GAP, verdict.missing());
    }
    if (verdict.connectionChanged()) {
      noteConnection(before, segment);
    }
    if (verdict.drop() != null) {
      count(segment, verdict.drop(), 1);
    } else {
      RecentUnits.Step step =
          recent.admit(after.recent(), segment, verdict.connectionChanged(), verdict.restart());
      after = after.recent(step.tracking());
      long unshown = step.shown().stream().filter(Shown.LOST::equals).count();
      if (unshown > 0) {
        count(segment, DropReason.OVERLAP, unshown);
      }
      out.collect(
          new Admitted.Media(
              segment, verdict.restart(), step.shown(), record.appendUs(), record.fetchUs()));
    }
    state.update(after.write());
  }

  /**
   * A container record has no connection of its own: it counts as epoch 0, and its offset is its
   * sequence.
   */
  private void container(SegmentRecord record, Context context) throws Exception {
    if (record.session().isEmpty()) {
      throw new RejectedRecordException(
          RejectReason.KEY_MISMATCH, "the record has no key: key container records by session");
    }
    AdmissionState before = load();
    if (before.epoch() > 0) {
      drops.count(record.session(), DropReason.STALE_CONNECTION, 1, event -> {});
      return;
    }
    AdmissionState after =
        streaming(
            before,
            before.connection("kafka", 0, 0, record.offset()),
            record,
            context,
            event -> event.at("kafka", 0, 0, record.offset()));
    if (before.isNew()) {
      note(
          Event.builder(record.session(), EventKind.CONNECTION_CHANGED)
              .at("kafka", 0, 0, record.offset())
              .message(FIRST_CONNECTION));
    }
    out.collect(
        new Admitted.Container(
            record.session(),
            record.contentType(),
            record.offset(),
            record.value(),
            record.appendUs(),
            record.fetchUs()));
    state.update(after.write());
  }

  private void reject(SegmentRecord record, RejectedRecordException why, Context context) {
    rejected.get(why.reason()).inc();
    context.output(REJECTED, new RejectedRecord(record, why.reason(), why.getMessage()));
  }

  private AdmissionState load() throws Exception {
    byte[] bytes = state.value();
    return bytes == null ? AdmissionState.NEW : AdmissionState.read(bytes);
  }

  /**
   * Moves the deadline; the timer is registered only if none is pending. A stall that the log shows
   * and that no timer noticed, because the log is read again, is one all the same: so the same log
   * gives the same observations.
   */
  private AdmissionState streaming(
      AdmissionState before,
      AdmissionState decided,
      SegmentRecord record,
      Context context,
      UnaryOperator<Event.Builder> where) {
    boolean wasSilent =
        !before.stalled() && before.silentUs(record.appendUs()) >= stallAfterMs * 1_000;
    if (wasSilent) {
      stall(record.session(), before);
    }
    AdmissionState current = decided.appended(record.appendUs());
    if (current.stalled() || wasSilent) {
      note(where.apply(Event.builder(record.session(), EventKind.STREAMING)));
    }
    long nowMs = context.timerService().currentProcessingTime();
    long deadlineMs = nowMs + stallAfterMs;
    if (!current.stalled()) {
      return current.deadline(false, deadlineMs, current.timerMs());
    }
    if (current.timerMs() > 0) {
      context.timerService().deleteProcessingTimeTimer(current.timerMs());
    }
    context.timerService().registerProcessingTimeTimer(deadlineMs);
    return current.deadline(false, deadlineMs, deadlineMs);
  }

  private void stall(String session, AdmissionState current) {
    out.collect(new Admitted.Idle(session));
    note(
        Event.builder(session, EventKind.STALLED)
            .at(current.source(), current.epoch(), current.openedAtMs(), current.lastSequence())
            .message("no segment for %d ms".formatted(stallAfterMs)));
  }

  private void wakeUp(AdmissionState current, boolean stalled, long deadlineMs, Context context)
      throws Exception {
    context.timerService().registerProcessingTimeTimer(deadlineMs);
    state.update(current.deadline(stalled, deadlineMs, deadlineMs).write());
  }

  private void count(Segment segment, DropReason reason, long count) {
    drops.count(segment.getSession(), reason, count, event -> place(event, segment));
  }

  private void noteConnection(AdmissionState before, Segment segment) {
    String from =
        before.isNew()
            ? FIRST_CONNECTION
            : "from source=%s epoch=%d".formatted(before.source(), before.epoch());
    Event.Builder event = Event.builder(segment.getSession(), EventKind.CONNECTION_CHANGED);
    note(place(event, segment).message(from));
  }

  private static Event.Builder place(Event.Builder event, Segment segment) {
    return event.at(
        segment.getSource(), segment.getEpoch(), segment.getOpenedAtMs(), segment.getSequence());
  }

  private void note(Event.Builder event) {
    out.collect(new Admitted.Noted(event.build(Clock.SYSTEM.nowUs())));
  }
}
