package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.TrackedSource.Raised;
import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Decides what a session does about what is known of its sources: one method per state, each of
 * which makes at most one change and says whether it did. Knows the sources' facts only; how they
 * came to be known is {@link Observer}'s and {@link Deadlines}'.
 */
final class Decision {
  private final Turn turn;
  private final Session session;
  private final SessionPolicy policy;
  private final Deadlines deadlines;
  private final long nowMs;

  Decision(Turn turn, Deadlines deadlines) {
    this.turn = turn;
    this.session = turn.session;
    this.policy = turn.policy;
    this.deadlines = deadlines;
    this.nowMs = turn.nowMs;
  }

  boolean decide() {
    if (turn.adopted != null && !session.state.isTerminal()) {
      return adopt(turn.adopted);
    }
    return switch (session.state) {
      case IDLE -> idle();
      case CONNECTING -> connecting();
      case STREAMING -> streaming();
      case STALLED -> stalled();
      case RECONNECTING -> reconnecting();
      case MIGRATING -> migrating();
      case CLOSED -> false;
    };
  }

  void remove() {
    session.sources.forEach(TrackedSource::close);
    turn.change(SessionState.CLOSED, Reason.REMOVED, null, "");
  }

  private boolean idle() {
    if (!session.specified) {
      boolean isOpen =
          session.sources.isEmpty()
              || session.sources.stream().anyMatch(source -> source.phase != Phase.CLOSED);
      if (isOpen && nowMs < deadlines.forgetMs()) {
        return false;
      }
      session.sources.forEach(TrackedSource::close);
      turn.change(SessionState.CLOSED, Reason.FORGOTTEN, null, "");
      return true;
    }
    TrackedSource live = null;
    for (TrackedSource source : session.sources) {
      if (source.phase != Phase.CLOSED) { // it was heard of before it was specified
        source.role = source.epoch > 0 ? Role.LIVE : Role.STANDBY;
        boolean newer = source.epoch > 0 && (live == null || source.epoch > live.epoch);
        live = newer ? source : live;
      }
    }
    return live != null ? adopt(live) : replace(Reason.SPECIFIED, "");
  }

  /** What a gateway publishes counts, even if nobody here remembers why. */
  private boolean adopt(TrackedSource source) {
    turn.adopted = null;
    for (TrackedSource other : session.sources) {
      if (other != source && other.isWanted() && other.role != Role.STANDBY) {
        turn.standBy(other);
      }
    }
    session.current = source.name;
    session.target = null;
    if (source.phase == Phase.LIVE) {
      stream(source, Reason.ADOPTED, "");
    } else {
      turn.change(SessionState.CONNECTING, Reason.ADOPTED, source, "");
    }
    return true;
  }

  private boolean connecting() {
    TrackedSource current = session.current();
    if (isLost(current)) {
      return replace(whyLost(current), detail(current));
    }
    if (current.phase == Phase.LIVE) {
      stream(current, Reason.LIVE, "");
      return true;
    }
    TrackedSource pinned = pinned();
    if (pinned != null && pinned != current && turn.isUsable(pinned)) {
      current.close();
      connect(pinned, Reason.PINNED, "");
      return true;
    }
    boolean failedBefore = current.failures > 0 || session.reason != Reason.SPECIFIED;
    TrackedSource warm = failedBefore && !current.isReady() ? warm() : null;
    if (warm == null || warm == current) {
      return false;
    }
    promote(warm, Reason.TARGET_READY, "");
    return true;
  }

  private boolean streaming() {
    TrackedSource current = session.current();
    if (isLost(current)) {
      return replace(whyLost(current), detail(current));
    }
    if (turn.isSilent(current)) {
      return silent(current);
    }
    TrackedSource pinned = pinned();
    if (pinned == current) {
      return false; // it is left only when it is lost
    }
    if (pinned != null && (pinned.isWanted() || turn.isUsable(pinned))) {
      return move(pinned, Reason.PINNED, "untilMs=" + session.pin.untilMs());
    }
    Trigger trigger = raisedTrigger(current);
    if (trigger != null) {
      TrackedSource next = better(current);
      return next != null && move(next, Reason.TRIGGERED, "trigger=" + trigger.label());
    }
    TrackedSource preferred = healthyPreferred(current);
    return preferred != null && move(preferred, Reason.PREFERRED_HEALTHY, "");
  }

  private boolean silent(TrackedSource current) {
    Reason why = deadlines.whySilent(current);
    String facts = "silentMs=%d gateway=%s".formatted(nowMs - current.unitMs, current.gateway);
    TrackedSource warm = warm();
    if (warm != null) {
      promote(warm, why, facts);
      return true;
    }
    turn.change(SessionState.STALLED, why, current, facts);
    return true;
  }

  private boolean stalled() {
    TrackedSource current = session.current();
    if (isLost(current)) {
      return replace(whyLost(current), detail(current));
    }
    if (!turn.isSilent(current)) {
      turn.change(SessionState.STREAMING, Reason.RECOVERED, current, "");
      return true;
    }
    TrackedSource warm = warm();
    if (warm != null) {
      promote(warm, session.reason, "");
      return true;
    }
    if (nowMs < deadlines.giveUpMs()) {
      return false;
    }
    turn.lose(current, Reason.STALLED, "gateway=" + current.gateway, Blame.BREAK);
    return replace(Reason.STALLED, "");
  }

  private boolean reconnecting() {
    TrackedSource warm = warm();
    if (warm != null) {
      promote(warm, Reason.RETRY, "");
      return true;
    }
    TrackedSource next = next();
    if (next == null) {
      return false;
    }
    connect(next, Reason.RETRY, next.failures == 0 ? "" : "failures=" + next.failures);
    return true;
  }

  private boolean migrating() {
    TrackedSource current = session.current();
    TrackedSource target = session.target();
    if (isLost(target)) {
      return targetLost(current, target);
    }
    if (target.role == Role.LIVE) {
      if (target.phase != Phase.LIVE) {
        return false; // it has its deadline
      }
      leave(current, target);
      stream(target, session.why, "");
      return true;
    }
    if (target.isReady() && !turn.isSilent(target)) {
      promote(target, Reason.TARGET_READY, "why=" + session.why.label());
      return true;
    }
    if (isLost(current)) {
      session.target = null;
      return replace(whyLost(current), detail(current));
    }
    boolean over =
        switch (session.why) {
          case TRIGGERED -> raisedTrigger(current) == null;
          case PINNED -> pinned() != target;
          default -> false;
        };
    if (over) {
      session.target = null;
      turn.change(SessionState.STREAMING, Reason.CLEARED, current, "");
    }
    return over;
  }

  /**
   * Back to the source that it was to leave. If that had begun to make way, it needs a new epoch:
   * the log may have gone over to the other one already.
   */
  private boolean targetLost(TrackedSource current, TrackedSource target) {
    session.target = null;
    String facts = target == null ? "" : "%s %s".formatted(target.lost.label(), target.lostDetail);
    if (isLost(current)) {
      return replace(whyLost(target), facts);
    }
    if (current.role == Role.LIVE) {
      turn.change(SessionState.STREAMING, Reason.TARGET_FAILED, current, facts);
      return true;
    }
    turn.goLive(current);
    session.target = current.name;
    turn.change(SessionState.MIGRATING, Reason.TARGET_FAILED, current, facts);
    return true;
  }

  /** The source in use is no more: to one that is ready, or that can be opened, or wait. */
  private boolean replace(Reason why, String detail) {
    TrackedSource warm = warm();
    if (warm != null && session.state != SessionState.IDLE) {
      promote(warm, why, detail);
      return true;
    }
    TrackedSource next = next();
    if (next != null) {
      connect(next, why, detail);
      return true;
    }
    if (session.state == SessionState.RECONNECTING) {
      return false;
    }
    turn.change(SessionState.RECONNECTING, why, session.current(), detail);
    return true;
  }

  private void connect(TrackedSource source, Reason why, String detail) {
    turn.goLive(source);
    session.current = source.name;
    session.target = null;
    turn.change(SessionState.CONNECTING, why, source, detail);
  }

  /** Make before break, if the policy has it so; one that is ready is told to go live at once. */
  private boolean move(TrackedSource next, Reason why, String detail) {
    if (next.isReady() && !turn.isSilent(next)) {
      promote(next, why, detail);
      return true;
    }
    if (!policy.makeBeforeBreak()) {
      leave(session.current(), next, why);
      session.current().close();
      connect(next, why, detail);
      return true;
    }
    turn.open(next);
    session.target = next.name;
    session.why = why;
    turn.change(SessionState.MIGRATING, why, next, detail);
    return true;
  }

  private void promote(TrackedSource next, Reason why, String detail) {
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

  private void leave(TrackedSource current, TrackedSource next) {
    leave(current, next, session.why);
  }

  /** What moving away says about the source that was left. */
  private void leave(TrackedSource current, TrackedSource next, Reason why) {
    if (current == null || current == next || !current.isWanted()) {
      return;
    }
    switch (why) {
      case TRIGGERED, STALLED -> turn.lose(current, why, "", Blame.BREAK);
      case GATEWAY_GONE -> turn.lose(current, why, "", Blame.FAILURE);
      default -> turn.standBy(current);
    }
  }

  private void stream(TrackedSource source, Reason why, String detail) {
    if (session.watched != null && !session.watched.equals(source.name)) {
      session.moves++;
    }
    session.watched = source.name;
    session.current = source.name;
    session.target = null;
    carryAlarms();
    turn.change(SessionState.STREAMING, why, source, detail);
  }

  /**
   * A picture that was black before a move and is black after it raises no second alarm. What
   * stands is held against the new source, but only from when it could have cleared it. What is
   * cleared is not: often it was the new source's picture that cleared it.
   */
  private void carryAlarms() {
    session.alarms.values().removeIf(raised -> raised.clearedMs() > 0);
    session.alarms.replaceAll((trigger, raised) -> new Raised(nowMs + policy.stallAfterMs(), 0));
  }

  private static boolean isLost(TrackedSource source) {
    return source == null || !source.isWanted();
  }

  private static Reason whyLost(TrackedSource source) {
    return source == null
        ? Reason.RESPECIFIED
        : Objects.requireNonNullElse(source.lost, Reason.RETRY);
  }

  private static String detail(TrackedSource source) {
    return source == null ? "" : source.lostDetail;
  }

  private TrackedSource pinned() {
    boolean inForce = session.pin != null && nowMs < session.pin.untilMs();
    return inForce ? session.source(session.pin.source()) : null;
  }

  private Trigger raisedTrigger(TrackedSource source) {
    return policy.triggers().keySet().stream()
        .filter(
            trigger ->
                turn.isRaised(session.alarms, trigger) || turn.isRaised(source.triggers, trigger))
        .findFirst()
        .orElse(null);
  }

  private boolean isGood(TrackedSource source) {
    return policy.triggers().keySet().stream()
        .noneMatch(trigger -> turn.isRaised(source.triggers, trigger));
  }

  /** The best standby that could go live at once. */
  private TrackedSource warm() {
    return others()
        .filter(source -> source.isWanted() && source.isReady())
        .filter(source -> !turn.isSilent(source))
        .filter(this::isGood)
        .findFirst()
        .orElse(null);
  }

  /** Where a session with a bad picture could go. */
  private TrackedSource better(TrackedSource current) {
    TrackedSource warm = warm();
    if (warm != null) {
      return warm;
    }
    return others()
        .filter(source -> source != current && (source.isWanted() || turn.isUsable(source)))
        .filter(this::isGood)
        .findFirst()
        .orElse(null);
  }

  private TrackedSource healthyPreferred(TrackedSource current) {
    if (!policy.returnToPreferred()) {
      return null;
    }
    return others()
        .filter(source -> session.rank(source, nowMs) < session.rank(current, nowMs))
        .filter(source -> source.isWanted() && source.isReady() && source.healthyMs > 0)
        .filter(turn::isHeard)
        .filter(source -> nowMs - source.healthyMs >= policy.returnAfterMs())
        .filter(source -> !turn.isSilent(source) && isGood(source))
        .findFirst()
        .orElse(null);
  }

  private Stream<TrackedSource> others() {
    return turn.byRank().stream().filter(source -> !source.name.equals(session.current));
  }

  /** The source to open when nothing streams; null if all have to wait. */
  private TrackedSource next() {
    TrackedSource current = session.current();
    boolean again =
        current != null
            && current.failures > 0
            && current.failures < policy.failuresBeforeNext()
            && !current.isQuarantined(nowMs);
    if (again) {
      return current.retryMs <= nowMs ? current : null;
    }
    return turn.byRank().stream()
        .filter(source -> source.isWanted() || turn.isUsable(source))
        .findFirst()
        .or(
            () -> // better a source that breaks often than no picture at all
            turn.byRank().stream().filter(source -> source.retryMs <= nowMs).findFirst())
        .orElse(null);
  }
}
