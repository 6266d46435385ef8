package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import java.util.List;

/**
 * The machine that moves sessions: {@code (session, signal, now) -> step}. Pure: it reads no clock,
 * logs nothing and knows no Flink, so that a recorded log can be run through another policy. Any
 * thread.
 *
 * <pre>
 *   signal ──▶ Observer ──▶ facts ──▶ Decision ──▶ state ──▶ Commands ──▶ what should be open
 *   time   ──▶ Deadlines ────┘  ▲                    │
 *                               └──── Standbys ◀─────┘
 * </pre>
 */
public final class SessionMachine {
  /** So many changes in one step would mean that two states disagree; a test holds it. */
  private static final int MOST_CHANGES = 8;

  private final SessionPolicy defaults;
  private final long incarnation;
  private final long hearsSinceMs;

  /**
   * @param defaults for what a session's own policy does not say
   * @param incarnation which run of the job this is: another one may remember less than was
   *     commanded
   * @param hearsSinceMs when this run began to hear: silence before that was its own
   */
  public SessionMachine(SessionPolicy defaults, long incarnation, long hearsSinceMs) {
    this.defaults = defaults;
    this.incarnation = incarnation;
    this.hearsSinceMs = hearsSinceMs;
  }

  /**
   * Takes one step. The session that is given stays as it is; the one in the result is new.
   *
   * @param nowMs ms since 1970; of two steps of a session the later one's may not be smaller
   */
  public Step step(Session before, Signal signal, long nowMs) {
    Session session = before.copy();
    Turn turn = new Turn(session, defaults.with(session.overrides), hearsSinceMs, nowMs);
    observe(turn, signal);
    turn.policy = defaults.with(session.overrides);
    Deadlines deadlines = new Deadlines(turn);
    deadlines.lapse();
    Decision decision = new Decision(turn, deadlines);
    if (signal instanceof Signal.Removed && !session.state.isTerminal()) {
      decision.remove();
    }
    while (decision.decide()) {
      if (turn.changes.size() > MOST_CHANGES) {
        throw new IllegalStateException(
            "session=%s does not settle: %s".formatted(session.name, turn.changes));
      }
    }
    new Standbys(turn).keep();
    session.deadlineMs = deadlines.next();
    SessionCommand command = Commands.next(session, turn.policy, nowMs);
    if (command != null && session.incarnation != incarnation) {
      renew(turn, before.lastNumber);
      session.incarnation = incarnation;
      session.deadlineMs = deadlines.next();
      command = Commands.again(session, turn.policy, nowMs);
    }
    return new Step(
        session,
        List.copyOf(turn.changes),
        command,
        List.copyOf(turn.quarantined),
        turn.ignored,
        !turn.changes.isEmpty() || Statuses.differ(before, session));
  }

  /**
   * The run before may have commanded, after its last checkpoint, what this one does not remember,
   * and the log may hold a newer epoch than the one that it knows to be live. So the first command
   * of a run gives what is live a new epoch.
   */
  private static void renew(Turn turn, long lastNumberBefore) {
    for (TrackedSource source : turn.session.sources) {
      if (source.role == Role.LIVE && source.epoch <= lastNumberBefore) {
        turn.goLive(source);
      }
    }
  }

  private static void observe(Turn turn, Signal signal) {
    Observer observer = new Observer(turn);
    if (signal instanceof Signal.Specified specified) {
      observer.specified(specified.specification());
    } else if (signal instanceof Signal.Reported reported) {
      observer.reported(reported.report());
    } else if (signal instanceof Signal.Alarmed alarmed) {
      observer.alarmed(alarmed.event());
    }
  }
}
