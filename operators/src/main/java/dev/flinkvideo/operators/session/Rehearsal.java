package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs what a session once heard through another policy, on the recorded clock. What was reported
 * of a source is taken for what would have been reported of the connection that this policy has to
 * it at that moment; a source that was never opened in the recording does not answer. One session,
 * one thread; the same signals give the same lines.
 */
public final class Rehearsal {
  /**
   * A change that the policy would have made.
   *
   * @param commands given in that step
   */
  public record Line(long atMs, Change change, List<SessionCommand> commands) {}

  private final SessionMachine machine;
  private final PolicyOverrides policy;
  private final Map<String, Long> newestRecorded = new HashMap<>();
  private final String name;

  private Session session;
  private long nowMs;

  /**
   * @param policy in the place of the recorded ones; null leaves those
   */
  public Rehearsal(String session, SessionPolicy defaults, PolicyOverrides policy) {
    this.name = session;
    this.machine = new SessionMachine(defaults, /* incarnation= */ 0, Hearing.ALWAYS);
    this.policy = policy;
  }

  /** Lets time pass up to that moment, then takes the signal. */
  public List<Line> hear(Signal signal, long atMs) {
    List<Line> lines = new ArrayList<>(runTo(atMs));
    if (signal instanceof Signal.Specified specified) {
      lines.addAll(
          step(
              policy == null
                  ? signal
                  : new Signal.Specified(specified.specification().withPolicy(policy))));
    } else if (signal instanceof Signal.Reported reported) {
      ConnectionReport report = translated(reported.report());
      if (report != null) {
        lines.addAll(step(new Signal.Reported(report)));
      }
    } else if (signal instanceof Signal.Alarmed alarmed) {
      Event event = translated(alarmed.event());
      if (event != null) {
        lines.addAll(step(new Signal.Alarmed(event)));
      }
    } else {
      lines.addAll(step(signal));
    }
    return lines;
  }

  /** Wakes the machine whenever it asked for it, up to that moment. */
  public List<Line> runTo(long untilMs) {
    List<Line> lines = new ArrayList<>();
    while (session != null && session.deadlineMs <= untilMs) {
      nowMs = Math.max(nowMs, session.deadlineMs);
      lines.addAll(step(new Signal.Tick()));
    }
    nowMs = Math.max(nowMs, untilMs);
    return lines;
  }

  private List<Line> step(Signal signal) {
    Session before = session == null ? new Session(name, nowMs) : session;
    Step step = machine.step(before, signal, nowMs);
    session = step.session().state.isTerminal() ? null : step.session();
    List<Line> lines = new ArrayList<>();
    List<Change> changes = step.changes();
    for (int i = 0; i < changes.size(); i++) {
      boolean last = i == changes.size() - 1;
      List<SessionCommand> commands =
          last && step.command() != null ? List.of(step.command()) : List.of();
      lines.add(new Line(nowMs, changes.get(i), commands));
    }
    return lines;
  }

  /** About what this policy watches; null if it was about another source. */
  private Event translated(Event recorded) {
    TrackedSource current = session == null ? null : session.current();
    if (current == null || !current.name.equals(recorded.source())) {
      return null;
    }
    return Event.builder(recorded.session(), recorded.kind())
        .name(recorded.name())
        .connection(recorded.source(), current.epoch)
        .build(recorded.atUs());
  }

  /** About the connection that this policy has to the source; null if it has none. */
  private ConnectionReport translated(ConnectionReport recorded) {
    if (recorded.kind() == ReportKind.AVAILABLE) {
      return recorded;
    }
    long newest = newestRecorded.merge(recorded.source(), recorded.connection(), Math::max);
    TrackedSource source = session == null ? null : session.source(recorded.source());
    if (source == null || !source.isWanted() || recorded.connection() < newest) {
      return null;
    }
    boolean publishes = source.role != Role.STANDBY;
    ReportKind kind =
        recorded.kind() == ReportKind.LIVE && !publishes
            ? ReportKind.FIRST_SEGMENT
            : recorded.kind();
    return ConnectionReport.builder(kind, recorded.gateway())
        .source(recorded.session(), recorded.source())
        .connection(source.connection)
        .epoch(publishes ? source.epoch : null)
        .role(source.role)
        .reason(recorded.reason())
        .message(recorded.message())
        .statistics(recorded.statistics())
        .build(recorded.atMs());
  }
}
