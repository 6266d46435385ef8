package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.RejectReason;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counters of the session machine. Task thread only. */
final class SessionMetrics {
  /** Changes of state, by reason. */
  static final String CHANGES = "changes";

  /** Signals that changed nothing because they were late, repeated or contradictory, by reason. */
  static final String IGNORED = "ignored";

  /** Specifications and reports that could not be read, by reason. */
  static final String REJECTED = "rejected";

  /** Commands given. */
  static final String COMMANDS = "commands";

  /** Sources that were quarantined. */
  static final String QUARANTINED = "quarantined";

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
    commands = group.counter(COMMANDS);
    quarantined = group.counter(QUARANTINED);
  }

  void count(Step step) {
    step.changes().forEach(change -> changes.get(change.reason()).inc());
    if (step.ignored() != null) {
      ignored.get(step.ignored()).inc();
    }
    if (step.command() != null) {
      commands.inc();
    }
    quarantined.inc(step.quarantined().size());
  }

  void count(RejectReason reason) {
    rejected.get(reason).inc();
  }
}
