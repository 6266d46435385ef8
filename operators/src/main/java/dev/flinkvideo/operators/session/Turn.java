package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of one session while it is taken: what it works on, what has happened in it so far, and
 * the one place each where the state changes and where a connection is opened, told to go live, put
 * aside and lost. Lives for one call.
 */
final class Turn {
  final Session session;
  final SessionPolicy policy;
  final Waits waits;
  final long nowMs;

  final List<Change> changes = new ArrayList<>();
  final List<String> quarantined = new ArrayList<>();

  /** A source that a gateway publishes although this machine does not remember why. */
  TrackedSource adopted;

  /** The source in use, if it is to be asked for a key frame. */
  TrackedSource keyFrameOf;

  /** An operator ended the session. */
  boolean removed;

  Ignored ignored;

  Turn(Session session, SessionPolicy policy, Hearing hearing, long nowMs) {
    this.session = session;
    this.policy = policy;
    this.waits = new Waits(session, policy, hearing, nowMs);
    this.nowMs = nowMs;
  }

  /** The one place where the state changes. */
  void change(SessionState to, Reason reason, TrackedSource about, String detail) {
    SessionState from = session.state;
    if (!to.maySucceed(from)) {
      throw new IllegalStateException(
          "session=%s must not go from=%s to=%s reason=%s"
              .formatted(session.name, from.label(), to.label(), reason.label()));
    }
    changes.add(
        new Change(
            from,
            to,
            reason,
            about == null ? null : about.name,
            about == null ? 0 : about.epoch,
            nowMs - session.sinceMs,
            detail));
    session.state = to;
    session.sinceMs = nowMs;
    session.reason = reason;
  }

  /** Wants a connection of the source; nothing if there is one. */
  void open(TrackedSource source) {
    if (source.isWanted()) {
      return;
    }
    source.role = Role.STANDBY;
    source.connection = session.nextNumber(nowMs);
    source.penalty.endWait();
    source.enter(Phase.OPENING, nowMs);
  }

  /** Tells the source to publish, opening it if need be. */
  void goLive(TrackedSource source) {
    open(source);
    source.role = Role.LIVE;
    source.epoch = session.nextNumber(nowMs);
    source.toLiveMs = nowMs;
    if (source.phase == Phase.LIVE) {
      source.enter(Phase.READY, nowMs); // live it is when it is live under the new epoch
    }
  }

  /** Tells the source to publish no longer, and keeps it open. */
  void standBy(TrackedSource source) {
    source.role = Role.STANDBY;
    source.epoch = 0;
    if (source.phase == Phase.LIVE) {
      source.enter(Phase.READY, nowMs);
    }
  }

  /** What a lost connection says about its source. */
  enum Blame {
    /** Nothing: it may be opened again at once. */
    NONE,
    /** It failed, but did not break by itself. */
    FAILURE,
    /** It failed, and if it delivered before, it broke: too many breaks and it is quarantined. */
    BREAK,
    /** It failed, and will for some time: the longest wait. */
    LASTING
  }

  /** The connection is gone, or as good as gone. */
  void lose(TrackedSource source, Reason reason, String detail, Blame blame) {
    Penalty penalty = source.penalty;
    if (source.healthyMs > 0 && nowMs - source.healthyMs >= policy.resetAfterMs()) {
      penalty.forgiveFailures();
    }
    if (blame != Blame.NONE) {
      boolean lasting = blame == Blame.LASTING;
      penalty.fail(session.name, source.name, lasting, policy.backoff(), nowMs);
    }
    if (blame == Blame.BREAK && source.isReady() && penalty.flap(policy, nowMs)) {
      quarantined.add(source.name);
    }
    source.close();
    source.lost = reason;
    source.lostDetail = detail;
  }
}
