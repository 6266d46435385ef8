package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.Role;

/** What the passing of time says about a session, and when it will say something next. */
final class Deadlines {
  private static final long NEVER = 0;

  private final Turn turn;
  private final Session session;
  private final SessionPolicy policy;
  private final Waits waits;
  private final long nowMs;

  private long nextMs = Long.MAX_VALUE;

  Deadlines(Turn turn) {
    this.turn = turn;
    this.session = turn.session;
    this.policy = turn.policy;
    this.waits = turn.waits;
    this.nowMs = turn.nowMs;
  }

  /** Takes down which connections took too long. The live one's silence is {@link Decision}'s. */
  void lapse() {
    for (TrackedSource source : session.sources) {
      if (source.isWanted()) {
        lapse(source);
      }
      source.alarms.expire(policy, nowMs);
    }
    session.alarms.expire(policy, nowMs);
  }

  private void lapse(TrackedSource source) {
    if (source.phase.isAtLeast(Phase.OPENED) && nowMs >= waits.reportByMs(source)) {
      turn.lose(source, Reason.GATEWAY_GONE, "gateway=" + source.gateway, Blame.FAILURE);
      return;
    }
    Reason overdue = overdue(source);
    if (overdue != null) {
      Blame blame = overdue == Reason.STALLED ? Blame.BREAK : Blame.FAILURE;
      turn.lose(source, overdue, "source=" + source.name, blame);
    }
  }

  /** What its connection should have done by now; null if nothing. */
  private Reason overdue(TrackedSource source) {
    return switch (source.phase) {
      case OPENING -> nowMs >= waits.openByMs(source) ? Reason.CONNECT_TIMEOUT : null;
      case OPENED -> nowMs >= waits.keyFrameByMs(source) ? Reason.NO_KEY_FRAME : null;
      case READY -> overdueReady(source);
      case LIVE, CLOSED -> null;
    };
  }

  private Reason overdueReady(TrackedSource source) {
    if (source.role == Role.LIVE && nowMs >= waits.liveByMs(source)) {
      return Reason.NOT_LIVE;
    }
    boolean watched = source.name.equals(session.current);
    return !watched && waits.isSilent(source) ? Reason.STALLED : null;
  }

  /** The next moment at which time alone says something new; none is due before it. */
  long next() {
    at(
        switch (session.state) {
          case IDLE -> waits.forgetMs();
          case STALLED -> waits.giveUpMs();
          case CONNECTING, STREAMING, RECONNECTING, MIGRATING, CLOSED -> NEVER;
        });
    if (session.pin != null) {
      at(session.pin.untilMs());
    }
    for (TrackedSource source : session.sources) {
      if (source.isWanted()) {
        wanted(source);
      } else {
        at(source.penalty.retryMs);
        at(source.penalty.quarantinedUntilMs);
      }
      source.alarms.wakeUps(policy, this::at);
    }
    session.alarms.wakeUps(policy, this::at);
    return nextMs;
  }

  private void wanted(TrackedSource source) {
    at(
        switch (source.phase) {
          case OPENING -> waits.openByMs(source);
          case OPENED -> waits.keyFrameByMs(source);
          case READY, LIVE -> waits.silentFromMs(source);
          case CLOSED -> NEVER;
        });
    if (source.isReady()) {
      at(source.healthyMs + policy.returnAfterMs());
    }
    if (source.phase == Phase.READY && source.role == Role.LIVE) {
      at(waits.liveByMs(source));
    }
    if (source.phase.isAtLeast(Phase.OPENED)) {
      at(waits.reportByMs(source));
    }
  }

  private void at(long atMs) {
    if (atMs > nowMs && atMs < nextMs) {
      nextMs = atMs;
    }
  }
}
