package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which of its sources a session could use. Looks at facts only and changes nothing; null where
 * there is none. Of several it is always the one that is preferred most: in the order of the
 * specification, a pinned one before all.
 */
final class Choice {
  private final Session session;
  private final SessionPolicy policy;
  private final Waits waits;
  private final long nowMs;
  private final TrackedSource pinned;
  private final List<TrackedSource> inOrder;

  Choice(Turn turn) {
    this.session = turn.session;
    this.policy = turn.policy;
    this.waits = turn.waits;
    this.nowMs = turn.nowMs;
    Pin pin = session.pinInForce(nowMs);
    this.pinned = pin == null ? null : session.source(pin.source());
    this.inOrder = inOrder();
  }

  private List<TrackedSource> inOrder() {
    if (pinned == null) {
      return session.sources;
    }
    List<TrackedSource> pinnedFirst = new ArrayList<>(session.sources);
    pinnedFirst.remove(pinned);
    pinnedFirst.add(0, pinned);
    return pinnedFirst;
  }

  Stream<TrackedSource> all() {
    return inOrder.stream();
  }

  /** Where an operator wants it to be. */
  TrackedSource pinned() {
    return pinned;
  }

  /** It is open, or may be opened now. */
  boolean isPossible(TrackedSource source) {
    return source.isWanted() || mayOpen(source);
  }

  boolean mayOpen(TrackedSource source) {
    boolean quarantined = source.penalty.isQuarantined(nowMs) && source != pinned;
    return !source.penalty.isWaiting(nowMs) && !quarantined;
  }

  /** It holds a key frame that is not old. */
  boolean isReady(TrackedSource source) {
    return source.isReady() && !waits.isSilent(source);
  }

  /** A standby that could go live at once. */
  TrackedSource warm() {
    return first(others().filter(this::isWarm));
  }

  /** Where a session with a bad picture could go. */
  TrackedSource better() {
    TrackedSource warm = warm();
    return warm != null ? warm : first(others().filter(this::isPossible).filter(this::isGood));
  }

  /** A source that is preferred to the one in use and could be opened to see how it does. */
  TrackedSource preferred() {
    return first(preferredOnes().filter(this::isPossible));
  }

  /** A source that is preferred to the one in use and has been healthy for the hold time. */
  TrackedSource healthyPreferred() {
    return first(
        preferredOnes()
            .filter(this::isWarm)
            .filter(source -> source.healthyMs > 0 && waits.isHeard(source))
            .filter(source -> nowMs - source.healthyMs >= policy.returnAfterMs()));
  }

  /** The source to open when nothing streams; null if all have to wait. */
  TrackedSource next() {
    TrackedSource current = session.current();
    if (current != null && isToBeTriedAgain(current.penalty)) {
      return current.penalty.isWaiting(nowMs) ? null : current;
    }
    TrackedSource next = first(all().filter(this::isPossible));
    return next != null // or better a source that breaks often than no picture at all
        ? next
        : first(all().filter(source -> !source.penalty.isWaiting(nowMs)));
  }

  private boolean isToBeTriedAgain(Penalty penalty) {
    return penalty.failures > 0
        && penalty.failures < policy.failuresBeforeNext()
        && !penalty.isQuarantined(nowMs);
  }

  /** What is bad of the picture, or of the line of the source that shows it; null if nothing is. */
  Trigger raised(TrackedSource source) {
    for (Trigger trigger : policy.triggers().keySet()) {
      if (session.alarms.isRaised(trigger, policy, nowMs)
          || source.alarms.isRaised(trigger, policy, nowMs)) {
        return trigger;
      }
    }
    return null;
  }

  /** Nothing is bad of its line; the picture of a source that is not shown is not known. */
  private boolean isGood(TrackedSource source) {
    return policy.triggers().keySet().stream()
        .noneMatch(trigger -> source.alarms.isRaised(trigger, policy, nowMs));
  }

  private boolean isWarm(TrackedSource source) {
    return source.isWanted() && isReady(source) && isGood(source);
  }

  private Stream<TrackedSource> others() {
    return all().filter(source -> !source.name.equals(session.current));
  }

  private Stream<TrackedSource> preferredOnes() {
    return policy.returnToPreferred()
        ? all().takeWhile(source -> !source.name.equals(session.current))
        : Stream.empty();
  }

  private static TrackedSource first(Stream<TrackedSource> sources) {
    return sources.findFirst().orElse(null);
  }
}
