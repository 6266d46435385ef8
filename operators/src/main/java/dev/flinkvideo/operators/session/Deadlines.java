package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.Role;

/** What the passing of time says about a session, and when it will say something next. */
final class Deadlines {
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
    boolean watched = source.name.equals(session.current);
    switch (source.phase) {
      case OPENING -> {
        if (nowMs >= waits.openByMs(source)) {
          turn.lose(source, Reason.CONNECT_TIMEOUT, "source=" + source.name, Blame.FAILURE);
        }
      }
      case OPENED -> {
        if (nowMs >= waits.keyFrameByMs(source)) {
          turn.lose(source, Reason.NO_KEY_FRAME, "source=" + source.name, Blame.FAILURE);
        }
      }
      case READY -> {
        if (source.role == Role.LIVE && nowMs >= waits.liveByMs(source)) {
          turn.lose(source, Reason.NOT_LIVE, "source=" + source.name, Blame.FAILURE);
        } else if (!watched && waits.isSilent(source)) {
          turn.lose(source, Reason.STALLED, "source=" + source.name, Blame.BREAK);
        }
      }
      case LIVE, CLOSED -> {}
    }
  }

  /** The next moment at which time alone says something new; none is due before it. */
  long next() {
    switch (session.state) {
      case IDLE -> at(waits.forgetMs());
      case STALLED -> at(waits.giveUpMs());
      case CONNECTING, STREAMING, RECONNECTING, MIGRATING, CLOSED -> {}
    }
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
    switch (source.phase) {
      case OPENING -> at(waits.openByMs(source));
      case OPENED -> at(waits.keyFrameByMs(source));
      case READY, LIVE -> {
        at(waits.silentFromMs(source));
        at(source.healthyMs + policy.returnAfterMs());
      }
      case CLOSED -> {}
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
