package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.Role;

/**
 * How a session goes from one source to another: what each is told meanwhile, what is remembered of
 * the move, and the change of state. Each method makes one change. When to do what is {@link
 * Decision}'s.
 */
final class Handover {
  private final Turn turn;
  private final Session session;
  private final Choice choice;

  Handover(Turn turn, Choice choice) {
    this.turn = turn;
    this.session = turn.session;
    this.choice = choice;
  }

  /** There is no picture: the source is opened to be watched. */
  void connect(TrackedSource source, Reason why, String detail) {
    turn.goLive(source);
    session.current = source.name;
    session.target = null;
    turn.change(SessionState.CONNECTING, why, source, detail);
  }

  /** Away from a source that plays: make before break, if the policy has it so. */
  void move(TrackedSource next, Reason why, String detail) {
    if (choice.isReady(next)) {
      promote(next, why, detail);
      return;
    }
    if (!turn.policy.makeBeforeBreak()) {
      TrackedSource current = session.current();
      leave(current, next, why);
      current.close();
      connect(next, why, detail);
      return;
    }
    turn.open(next);
    session.target = next.name;
    session.why = why;
    turn.change(SessionState.MIGRATING, why, next, detail);
  }

  /** Tells a source to take over; the one in use, if it still plays, does so until that is live. */
  void promote(TrackedSource next, Reason why, String detail) {
    TrackedSource current = session.current();
    if (current != null && current != next && current.isWanted()) {
      if (current.role == Role.LIVE && current.isReady()) {
        current.role = Role.OUTGOING;
      } else {
        turn.standBy(current);
      }
    }
    boolean alreadyMoving = session.state == SessionState.MIGRATING && session.target != null;
    session.why = alreadyMoving ? session.why : why;
    session.target = next.name;
    turn.goLive(next);
    turn.change(SessionState.MIGRATING, why, next, detail);
  }

  /** The target is live. */
  void complete(TrackedSource target) {
    leave(session.current(), target, session.why);
    stream(target, session.why, "");
  }

  /** The source in use is live as before, after all. */
  void resume(Reason why, String detail) {
    session.target = null;
    turn.change(SessionState.STREAMING, why, session.current(), detail);
  }

  /** The source is what is watched from now on. */
  void stream(TrackedSource source, Reason why, String detail) {
    if (session.watched != null && !session.watched.equals(source.name)) {
      session.moves++;
    }
    session.watched = source.name;
    session.current = source.name;
    session.target = null;
    session.alarms.holdAgainstNext(turn.nowMs + turn.policy.stallAfterMs());
    turn.change(SessionState.STREAMING, why, source, detail);
  }

  /** What a gateway publishes counts, even if nobody here remembers why. */
  void adopt(TrackedSource source) {
    for (TrackedSource other : session.sources) {
      if (other != source && other.isWanted() && other.role != Role.STANDBY) {
        turn.standBy(other);
      }
    }
    if (source.phase == Phase.LIVE) {
      stream(source, Reason.ADOPTED, "");
      return;
    }
    session.current = source.name;
    session.target = null;
    turn.change(SessionState.CONNECTING, Reason.ADOPTED, source, "");
  }

  /** Nothing is wanted any more. */
  void end(Reason why) {
    session.sources.forEach(TrackedSource::close);
    turn.change(SessionState.CLOSED, why, null, "");
  }

  /** What moving away says about the source that was left. */
  private void leave(TrackedSource current, TrackedSource next, Reason why) {
    if (current == null || current == next || !current.isWanted()) {
      return;
    }
    switch (why) {
      case TRIGGERED, STALLED -> turn.lose(current, why, "", Blame.BREAK);
      case GATEWAY_GONE -> turn.lose(current, why, "", Blame.FAILURE);
      default -> turn.standBy(current); // the other reasons hold nothing against it
    }
  }
}
