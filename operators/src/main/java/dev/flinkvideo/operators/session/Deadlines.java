package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.operators.session.TrackedSource.Raised;
import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.util.Map;

/**
 * What the passing of time says about a session, and when it will say something next. Deadlines are
 * computed from facts, so a wake-up that comes early, late or twice changes nothing.
 */
final class Deadlines {
  /** Gateways send statistics every second: with two missed, silence is the gateway's. */
  private static final long REPORTS_MISSED_MS = 2_000;

  private final Turn turn;
  private final Session session;
  private final SessionPolicy policy;
  private final long nowMs;

  private long nextMs = Long.MAX_VALUE;

  Deadlines(Turn turn) {
    this.turn = turn;
    this.session = turn.session;
    this.policy = turn.policy;
    this.nowMs = turn.nowMs;
  }

  /** Takes down which connections took too long. The live one's silence is {@link Decision}'s. */
  void lapse() {
    for (TrackedSource source : session.sources) {
      if (source.isWanted()) {
        lapse(source);
      }
      expire(source.triggers);
    }
    expire(session.alarms);
  }

  private void lapse(TrackedSource source) {
    if (source.phase.isAtLeast(Phase.OPENED) && nowMs >= reportBy(source)) {
      turn.lose(source, Reason.GATEWAY_GONE, "gateway=" + source.gateway, Blame.FAILURE);
      return;
    }
    boolean watched = source.name.equals(session.current);
    switch (source.phase) {
      case OPENING -> {
        if (nowMs >= openBy(source)) {
          turn.lose(source, Reason.CONNECT_TIMEOUT, "source=" + source.name, Blame.FAILURE);
        }
      }
      case OPENED -> {
        if (nowMs >= keyFrameBy(source)) {
          turn.lose(source, Reason.NO_KEY_FRAME, "source=" + source.name, Blame.FAILURE);
        }
      }
      case READY -> {
        if (source.role == Role.LIVE && nowMs >= liveBy(source)) {
          turn.lose(source, Reason.NOT_LIVE, "source=" + source.name, Blame.FAILURE);
        } else if (!watched && turn.isSilent(source)) {
          turn.lose(source, Reason.STALLED, "source=" + source.name, Blame.BREAK);
        }
      }
      case LIVE, CLOSED -> {}
    }
  }

  private void expire(Map<Trigger, Raised> triggers) {
    triggers
        .entrySet()
        .removeIf(entry -> turn.isOver(entry.getValue(), turn.limits(entry.getKey())));
  }

  /** Why a live source is silent: it, or the gateway that would have said so. */
  Reason whySilent(TrackedSource source) {
    return nowMs - turn.waitedSinceMs(source.reportMs) >= REPORTS_MISSED_MS
        ? Reason.GATEWAY_GONE
        : Reason.STALLED;
  }

  private long reportBy(TrackedSource source) {
    return turn.waitedSinceMs(source.reportMs) + policy.reportWithinMs();
  }

  private long openBy(TrackedSource source) {
    return turn.waitedSinceMs(source.phaseMs) + policy.connectWithinMs();
  }

  private long keyFrameBy(TrackedSource source) {
    return turn.waitedSinceMs(source.phaseMs) + policy.firstSegmentWithinMs();
  }

  private long liveBy(TrackedSource source) {
    return turn.waitedSinceMs(Math.max(source.phaseMs, source.toLiveMs))
        + policy.firstSegmentWithinMs();
  }

  long giveUpMs() {
    return turn.waitedSinceMs(session.sinceMs) + policy.connectWithinMs();
  }

  long forgetMs() {
    return session.sinceMs + policy.forgetAfterMs();
  }

  /** The next moment at which time alone says something new; none is due before it. */
  long next() {
    switch (session.state) {
      case IDLE -> at(forgetMs());
      case STALLED -> at(giveUpMs());
      case CONNECTING, STREAMING, RECONNECTING, MIGRATING, CLOSED -> {}
    }
    if (session.pin != null) {
      at(session.pin.untilMs());
    }
    for (TrackedSource source : session.sources) {
      if (source.isWanted()) {
        wanted(source);
      } else {
        at(source.retryMs);
        at(source.quarantinedUntilMs);
      }
      triggers(source.triggers);
    }
    triggers(session.alarms);
    return nextMs;
  }

  private void wanted(TrackedSource source) {
    switch (source.phase) {
      case OPENING -> at(openBy(source));
      case OPENED -> at(keyFrameBy(source));
      case READY, LIVE -> {
        at(turn.silentFromMs(source));
        at(source.healthyMs + policy.returnAfterMs());
      }
      case CLOSED -> {}
    }
    if (source.phase == Phase.READY && source.role == Role.LIVE) {
      at(liveBy(source));
    }
    if (source.phase.isAtLeast(Phase.OPENED)) {
      at(reportBy(source));
    }
  }

  private void triggers(Map<Trigger, Raised> triggers) {
    triggers.forEach(
        (trigger, raised) -> {
          Limits limits = turn.limits(trigger);
          at(raised.sinceMs() + limits.raiseMs());
          if (raised.clearedMs() > 0) {
            at(raised.clearedMs() + limits.clearMs());
          }
        });
  }

  private void at(long atMs) {
    if (atMs > nowMs && atMs < nextMs) {
      nextMs = atMs;
    }
  }
}
