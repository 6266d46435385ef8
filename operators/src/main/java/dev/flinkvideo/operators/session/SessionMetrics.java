package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.metrics.Described;
import dev.flinkvideo.operators.metrics.Described.Type;
import dev.flinkvideo.protocol.RejectReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What the session machine counts. Updated by the task thread. */
public final class SessionMetrics {
  @Described(
      value = "of sessions' states, see [session.md](session.md)",
      type = Type.COUNTER,
      labels = "reason",
      unit = "changes",
      worry = "`closed`, `stalled` or `gateway-gone` grows fast: sources or gateways break")
  public static final String CHANGES = "changes";

  @Described(
      value =
          "reports and alarms that changed nothing, or less than they say: late, repeated or contradictory."
              + " Statistics repeat what is known by design and are not counted",
      type = Type.COUNTER,
      labels = "reason",
      unit = "signals")
  public static final String IGNORED = "ignored";

  @Described(
      value = "specifications and reports that could not be read",
      type = Type.COUNTER,
      labels = "reason",
      unit = "records",
      worry = "it grows: see `video.rejected`")
  public static final String REJECTED = "rejected";

  @Described(value = "given to gateways", type = Type.COUNTER, unit = "commands")
  public static final String COMMANDS = "commands";

  @Described(
      value = "that broke too often and are left alone for a while",
      type = Type.COUNTER,
      unit = "sources",
      worry = "it grows")
  public static final String QUARANTINED = "quarantined";

  @Described(
      value =
          "in each state, of those that this subtask heard of since it started; reports come every second",
      type = Type.GAUGE,
      unit = "sessions",
      labels = "state",
      worry = "`reconnecting` or `stalled` is above 0: those show no picture")
  public static final String SESSIONS_IN_STATE = "sessionsInState";

  /** By session; concurrent, because reporters count. */
  private final Map<String, SessionState> states = new ConcurrentHashMap<>();

  private final Map<Reason, Counter> changes = new EnumMap<>(Reason.class);
  private final Map<Ignored, Counter> ignored = new EnumMap<>(Ignored.class);
  private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);
  private final Counter commands;
  private final Counter quarantined;

  SessionMetrics(MetricGroup group) {
    for (Reason reason : Reason.values()) {
      changes.put(reason, group.addGroup("reason", reason.label()).counter(CHANGES));
    }
    for (Ignored reason : Ignored.values()) {
      ignored.put(reason, group.addGroup("reason", reason.label()).counter(IGNORED));
    }
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(reason, group.addGroup("reason", reason.label()).counter(REJECTED));
    }
    for (SessionState state : SessionState.values()) {
      if (!state.isTerminal()) {
        group
            .addGroup("state", state.label())
            .gauge(SESSIONS_IN_STATE, (Gauge<Long>) () -> inState(state));
      }
    }
    commands = group.counter(COMMANDS);
    quarantined = group.counter(QUARANTINED);
  }

  void count(Step step) {
    Session session = step.session();
    if (session.isForgotten()) {
      states.remove(session.name);
    } else {
      states.put(session.name, session.state);
    }
    step.changes().forEach(change -> changes.get(change.reason()).inc());
    if (step.ignored() != null) {
      count(step.ignored());
    }
    if (step.command() != null) {
      commands.inc();
    }
    quarantined.inc(step.quarantined().size());
  }

  void count(Ignored reason) {
    ignored.get(reason).inc();
  }

  void count(RejectReason reason) {
    rejected.get(reason).inc();
  }

  private long inState(SessionState state) {
    return states.values().stream().filter(state::equals).count();
  }
}
