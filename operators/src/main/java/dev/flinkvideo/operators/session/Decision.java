package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.util.Objects;

/**
 * What a session does in each of its states: one method a state, one branch a change, the first
 * that holds is made. {@link Choice} says which source, {@link Handover} how to get there. How the
 * facts came to be known is {@link Observer}'s and {@link Deadlines}'.
 */
final class Decision {
  private final Turn turn;
  private final Session session;
  private final Waits waits;
  private final Choice choice;
  private final Handover handover;
  private final long nowMs;

  Decision(Turn turn, Choice choice) {
    this.turn = turn;
    this.session = turn.session;
    this.waits = turn.waits;
    this.choice = choice;
    this.handover = new Handover(turn, choice);
    this.nowMs = turn.nowMs;
  }

  /** Makes one change and says so, or leaves all as it is. */
  boolean decide() {
    if (session.state.isTerminal()) {
      return false;
    }
    int before = turn.changes.size();
    if (turn.removed) {
      handover.end(Reason.REMOVED);
    } else if (turn.adopted != null) {
      handover.adopt(turn.adopted);
      turn.adopted = null;
    } else {
      inItsState().run();
    }
    return turn.changes.size() > before;
  }

  private Runnable inItsState() {
    return switch (session.state) {
      case IDLE -> this::idle;
      case CONNECTING -> this::connecting;
      case STREAMING -> this::streaming;
      case STALLED -> this::stalled;
      case RECONNECTING -> this::reconnecting;
      case MIGRATING -> this::migrating;
      case CLOSED -> () -> {};
    };
  }

  private void idle() {
    if (session.specified) {
      begin();
    } else if (isHeardOfNoMore() || nowMs >= waits.forgetMs()) {
      handover.end(Reason.FORGOTTEN);
    }
  }

  /** What was heard of before it was specified is taken up. */
  private void begin() {
    TrackedSource live = null;
    for (TrackedSource source : session.sources) {
      if (source.phase != Phase.CLOSED) {
        source.role = source.epoch > 0 ? Role.LIVE : Role.STANDBY;
        boolean newer = source.epoch > 0 && (live == null || source.epoch > live.epoch);
        live = newer ? source : live;
      }
    }
    if (live != null) {
      handover.adopt(live);
    } else {
      connectOrWait(Reason.SPECIFIED, "");
    }
  }

  private void connecting() {
    TrackedSource current = session.current();
    TrackedSource pinned = choice.pinned();
    if (isLost(current)) {
      replace(current);
    } else if (current.phase == Phase.LIVE) {
      handover.stream(current, Reason.LIVE, "");
    } else if (pinned != null && pinned != current && choice.mayOpen(pinned)) {
      current.close();
      handover.connect(pinned, Reason.PINNED, "");
    } else if (isSlow(current) && choice.warm() != null) {
      handover.promote(choice.warm(), Reason.TARGET_READY, "");
    }
  }

  private void streaming() {
    TrackedSource current = session.current();
    if (isLost(current)) {
      replace(current);
    } else if (waits.isSilent(current)) {
      silent(current);
    } else if (choice.pinned() != current) { // that is left only when it is lost
      reconsider(current);
    }
  }

  private void silent(TrackedSource current) {
    Reason why = waits.whySilent(current);
    String facts = "silentMs=%d gateway=%s".formatted(nowMs - current.unitMs, current.gateway);
    TrackedSource warm = choice.warm();
    if (warm != null) {
      handover.promote(warm, why, facts);
    } else {
      turn.change(SessionState.STALLED, why, current, facts);
    }
  }

  /** The source in use delivers. Somebody or something may speak for another one nevertheless. */
  private void reconsider(TrackedSource current) {
    TrackedSource pinned = choice.pinned();
    if (pinned != null && choice.isPossible(pinned)) {
      handover.move(pinned, Reason.PINNED, "untilMs=" + session.pin.untilMs());
      return;
    }
    Trigger trigger = choice.raised(current);
    TrackedSource next = trigger == null ? choice.healthyPreferred() : choice.better();
    if (next == null) {
      return;
    }
    if (trigger == null) {
      handover.move(next, Reason.PREFERRED_HEALTHY, "");
    } else {
      handover.move(next, Reason.TRIGGERED, "trigger=" + trigger.label());
    }
  }

  private void stalled() {
    TrackedSource current = session.current();
    TrackedSource warm = choice.warm();
    if (isLost(current)) {
      replace(current);
    } else if (!waits.isSilent(current)) {
      handover.resume(Reason.RECOVERED, "");
    } else if (warm != null) {
      handover.promote(warm, session.reason, "");
    } else if (nowMs >= waits.giveUpMs()) {
      turn.lose(current, Reason.STALLED, "gateway=" + current.gateway, Blame.BREAK);
      replace(Reason.STALLED, "");
    }
  }

  private void reconnecting() {
    TrackedSource warm = choice.warm();
    TrackedSource next = choice.next();
    if (warm != null) {
      handover.promote(warm, Reason.RETRY, "");
    } else if (next != null) {
      int failures = next.penalty.failures;
      handover.connect(next, Reason.RETRY, failures == 0 ? "" : "failures=" + failures);
    }
  }

  private void migrating() {
    TrackedSource current = session.current();
    TrackedSource target = session.target();
    if (isLost(target)) {
      turnBack(current, target);
    } else if (target.role == Role.LIVE) {
      if (target.phase == Phase.LIVE) { // until then it has its deadline
        handover.complete(target);
      }
    } else if (choice.isReady(target)) {
      handover.promote(target, Reason.TARGET_READY, "why=" + session.why.label());
    } else if (isLost(current)) {
      replace(current);
    } else if (isNoMoreWanted(target)) {
      handover.resume(Reason.CLEARED, "");
    }
  }

  /**
   * The target is lost: back to the source that was to be left. If that had begun to make way, it
   * needs a new epoch, as the log may have gone over to the other one already.
   */
  private void turnBack(TrackedSource current, TrackedSource target) {
    Reason why = whyLost(target);
    String facts = target == null ? "" : "%s %s".formatted(why.label(), target.lostDetail);
    if (isLost(current)) {
      replace(why, facts);
    } else if (current.role == Role.LIVE) {
      handover.resume(Reason.TARGET_FAILED, facts);
    } else {
      handover.promote(current, Reason.TARGET_FAILED, facts);
    }
  }

  private void replace(TrackedSource lost) {
    replace(whyLost(lost), lost == null ? "" : lost.lostDetail);
  }

  /** The source in use is no more: to one that is ready, or that can be opened, or wait. */
  private void replace(Reason why, String detail) {
    session.target = null;
    TrackedSource warm = choice.warm();
    if (warm != null) {
      handover.promote(warm, why, detail);
    } else {
      connectOrWait(why, detail);
    }
  }

  private void connectOrWait(Reason why, String detail) {
    TrackedSource next = choice.next();
    if (next != null) {
      handover.connect(next, why, detail);
    } else {
      turn.change(SessionState.RECONNECTING, why, session.current(), detail);
    }
  }

  private static boolean isLost(TrackedSource source) {
    return source == null || !source.isWanted();
  }

  private static Reason whyLost(TrackedSource source) {
    return source == null
        ? Reason.RESPECIFIED
        : Objects.requireNonNullElse(source.lost, Reason.RETRY);
  }

  private boolean isHeardOfNoMore() {
    return !session.sources.isEmpty()
        && session.sources.stream().allMatch(source -> source.phase == Phase.CLOSED);
  }

  /** It, or one before it, has failed: it has no claim to be waited for. */
  private boolean isSlow(TrackedSource source) {
    boolean failedBefore = source.penalty.failures > 0 || session.reason != Reason.SPECIFIED;
    return failedBefore && !source.isReady();
  }

  /** Whether the reason for a move has passed before its target was ready. */
  private boolean isNoMoreWanted(TrackedSource target) {
    if (session.why == Reason.TRIGGERED) {
      return choice.raised(session.current()) == null;
    }
    return session.why == Reason.PINNED && choice.pinned() != target;
  }
}
