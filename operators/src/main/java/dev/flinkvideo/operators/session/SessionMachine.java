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
 *   signal ──▶ Observer  ──▶ facts ──▶ Decision ──▶ state ──▶ Standbys ──▶ Commands
 *   time   ──▶ Deadlines ──────┘       │      │
 *                    which source: Choice    Handover: how to get there
 * </pre>
 */
public final class SessionMachine {
  /** So many changes in one step would mean that two states disagree; a test holds it. */
  private static final int MOST_CHANGES = 8;

  private final SessionPolicy defaults;
  private final long incarnation;
  private final Hearing hearing;

  /**
   * @param defaults for what a session's own policy does not say
   * @param incarnation which run of the job this is: another one may remember less than was
   *     commanded
   * @param hearing since when this run hears: silence before that was its own
   */
  public SessionMachine(SessionPolicy defaults, long incarnation, Hearing hearing) {
    this.defaults = defaults;
    this.incarnation = incarnation;
    this.hearing = hearing;
  }

  /**
   * Takes one step. The session that is given stays as it is; the one in the result is new.
   *
   * @param nowMs ms since 1970; of two steps of a session the later one's may not be smaller
   */
  public Step step(Session before, Signal signal, long nowMs) {
    Session session = before.copy();
    Turn turn = new Turn(session, policy(session, signal), hearing, nowMs);
    new Observer(turn).take(signal);
    Deadlines deadlines = new Deadlines(turn);
    deadlines.lapse();
    Choice choice = new Choice(turn);
    settle(turn, new Decision(turn, choice));
    new Standbys(turn, choice).keep();
    SessionCommand command = command(turn, before.lastNumber);
    session.deadlineMs = deadlines.next();
    return new Step(
        session,
        List.copyOf(turn.changes),
        command,
        List.copyOf(turn.quarantined),
        turn.ignored,
        !turn.changes.isEmpty() || Statuses.differ(before, session));
  }

  /** A new policy is in force from when it is said. */
  private SessionPolicy policy(Session session, Signal signal) {
    return defaults.with(
        signal instanceof Signal.Specified specified
            ? specified.specification().policy()
            : session.overrides);
  }

  private static void settle(Turn turn, Decision decision) {
    while (decision.decide()) {
      if (turn.changes.size() > MOST_CHANGES) {
        throw new IllegalStateException(
            "session=%s does not settle: %s".formatted(turn.session.name, turn.changes));
      }
    }
  }

  private SessionCommand command(Turn turn, long lastNumberBefore) {
    Session session = turn.session;
    SessionCommand command = Commands.next(turn);
    if (command == null || session.incarnation == incarnation) {
      return command;
    }
    session.incarnation = incarnation;
    renew(turn, lastNumberBefore);
    return Commands.again(turn);
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
}
