package dev.flinkvideo.operators.metrics;

import dev.flinkvideo.operators.metrics.Described.Type;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts everything that was not decoded, by reason: at once on a metric, and as an event per
 * session and reason at most once a second, so that a flood of drops is not a flood of events. The
 * counts of the events add up to the metric once {@link #flush} was called. Task thread only.
 */
public final class Drops {
  @Described(
      value = "segments or access units not decoded, by reason (see [admission.md](admission.md))",
      type = Type.COUNTER,
      labels = "reason",
      unit = "segments",
      worry = "`over-budget` or `late` grows: raise managed memory, or parallelism")
  public static final String GROUP = "dropped";

  private static final long EVENT_INTERVAL_US = 1_000_000;

  private final Map<DropReason, Counter> counters = new EnumMap<>(DropReason.class);
  private final Map<String, Map<DropReason, Pending>> sessions = new HashMap<>();
  private final Consumer<Event> events;
  private final Clock clock;

  private static final class Pending {
    private long count;
    private long lastEventUs;
    private Event.Builder event;
  }

  public Drops(MetricGroup group, Clock clock, Consumer<Event> events) {
    this.events = events;
    this.clock = clock;
    for (DropReason reason : DropReason.values()) {
      counters.put(reason, group.addGroup("reason", reason.label()).counter(GROUP));
    }
  }

  /**
   * @param what further fields of the event, such as where it happened and a message
   */
  public void count(String session, DropReason reason, long count, Consumer<Event.Builder> what) {
    counters.get(reason).inc(count);
    Pending pending =
        sessions
            .computeIfAbsent(session, s -> new EnumMap<>(DropReason.class))
            .computeIfAbsent(reason, r -> new Pending());
    pending.count += count;
    pending.event = Event.builder(session, EventKind.DROPPED).name(reason.label());
    what.accept(pending.event);
    long nowUs = clock.nowUs();
    if (nowUs - pending.lastEventUs >= EVENT_INTERVAL_US) {
      emit(pending, nowUs);
    }
  }

  /** Emits what is pending for one session. */
  public void flush(String session) {
    Map<DropReason, Pending> pending = sessions.remove(session);
    if (pending != null) {
      long nowUs = clock.nowUs();
      pending.values().forEach(p -> emit(p, nowUs));
    }
  }

  /** Emits what is pending for all sessions: a checkpoint would lose it. */
  public void flushAll() {
    List.copyOf(sessions.keySet()).forEach(this::flush);
  }

  private boolean emit(Pending pending, long nowUs) {
    if (pending.count > 0) {
      events.accept(pending.event.count(pending.count).build(nowUs));
      pending.count = 0;
      pending.lastEventUs = nowUs;
    }
    return true;
  }
}
