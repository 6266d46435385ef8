package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.operators.session.TrackedSource.Raised;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One step of one session while it is taken: the session, the policy, the time, and what is done to
 * sources, in one place each. Lives for one call.
 */
final class Turn {
  final Session session;
  final long nowMs;
  private final long hearsSinceMs;
  final List<Change> changes = new ArrayList<>();
  final List<String> quarantined = new ArrayList<>();
  SessionPolicy policy;

  /** A source that a gateway publishes although this machine does not remember why. */
  TrackedSource adopted;

  Ignored ignored;

  /**
   * @param hearsSinceMs when this run of the job began to hear
   */
  Turn(Session session, SessionPolicy policy, long hearsSinceMs, long nowMs) {
    this.session = session;
    this.policy = policy;
    this.hearsSinceMs = hearsSinceMs;
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
    source.retryMs = 0;
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

  /** The connection is gone, or as good as gone: the source is to blame, unless it cannot be. */
  void lose(TrackedSource source, Reason reason, String detail, Blame blame) {
    if (source.healthyMs > 0 && nowMs - source.healthyMs >= policy.resetAfterMs()) {
      source.failures = 0;
    }
    if (blame != Blame.NONE) {
      source.failures++;
      int steps =
          blame == Blame.LASTING
              ? Math.max(source.failures, policy.backoff().stepsToMax())
              : source.failures;
      source.retryMs = nowMs + policy.backoff().waitMs(session.name, source.name, steps);
    }
    boolean delivered = source.isReady();
    source.close();
    source.lost = reason;
    source.lostDetail = detail;
    if (delivered && blame == Blame.BREAK) {
      flap(source);
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

  private void flap(TrackedSource source) {
    long fromMs = nowMs - policy.quarantineWindowMs();
    long[] recent = Arrays.stream(source.flapsMs).filter(flapMs -> flapMs > fromMs).toArray();
    long[] flaps = Arrays.copyOf(recent, recent.length + 1);
    flaps[recent.length] = nowMs;
    source.flapsMs = flaps;
    if (flaps.length >= policy.quarantineFlaps()) {
      source.quarantinedUntilMs = nowMs + policy.quarantineMs();
      source.flapsMs = new long[0];
      quarantined.add(source.name);
    }
  }

  /** From when a wait for something to be heard counts that began at that moment. */
  long waitedSinceMs(long sinceMs) {
    return Math.max(sinceMs, hearsSinceMs);
  }

  /** Whether this run of the job has heard of its connection. */
  boolean isHeard(TrackedSource source) {
    return source.reportMs >= hearsSinceMs;
  }

  /** When it will have stalled, or has. What stalled before a restore does so after it. */
  long silentFromMs(TrackedSource source) {
    boolean stalled = session.state == SessionState.STALLED && source.name.equals(session.current);
    boolean known = stalled || isHeard(source);
    return (known ? source.unitMs : waitedSinceMs(source.unitMs)) + policy.stallAfterMs();
  }

  boolean isSilent(TrackedSource source) {
    return nowMs >= silentFromMs(source);
  }

  /** It may be opened now. */
  boolean isUsable(TrackedSource source) {
    boolean quarantined = source.isQuarantined(nowMs) && !session.isPinned(source, nowMs);
    return source.retryMs <= nowMs && !quarantined;
  }

  List<TrackedSource> byRank() {
    return session.sources.stream()
        .sorted((a, b) -> Integer.compare(session.rank(a, nowMs), session.rank(b, nowMs)))
        .toList();
  }

  /** Takes down that a trigger is seen, or no longer seen. */
  void note(Map<Trigger, Raised> triggers, Trigger trigger, boolean bad) {
    Limits limits = limits(trigger);
    Raised before = triggers.get(trigger);
    if (bad && (before == null || isOver(before, limits))) {
      triggers.put(trigger, new Raised(nowMs, 0));
    } else if (bad) {
      triggers.put(trigger, new Raised(before.sinceMs(), 0));
    } else if (before != null && nowMs - before.sinceMs() < limits.raiseMs()) {
      triggers.remove(trigger);
    } else if (before != null && before.clearedMs() == 0) {
      triggers.put(trigger, new Raised(before.sinceMs(), nowMs));
    }
  }

  /** Whether it has been bad for its raise time and not been good for its clear time since. */
  boolean isRaised(Map<Trigger, Raised> triggers, Trigger trigger) {
    Raised raised = triggers.get(trigger);
    Limits limits = policy.triggers().get(trigger);
    return raised != null
        && limits != null
        && nowMs - raised.sinceMs() >= limits.raiseMs()
        && !isOver(raised, limits);
  }

  boolean isOver(Raised raised, Limits limits) {
    return raised.clearedMs() > 0 && nowMs - raised.clearedMs() >= limits.clearMs();
  }

  Limits limits(Trigger trigger) {
    return policy.triggers().getOrDefault(trigger, policy.triggerDefaults().get(trigger));
  }
}
