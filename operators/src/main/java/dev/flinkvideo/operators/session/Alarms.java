package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.protocol.Trigger;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What is seen to be bad of a session's picture, or of the line of one source: it counts once it
 * has been bad for its raise time, until it has been good for its clear time. Part of a {@link
 * Session}; changed within a step only. Times are ms since 1970.
 */
final class Alarms {
  /**
   * Something that is or was bad.
   *
   * @param clearedMs since when it is good again; 0 if it is not
   */
  record Sighting(long sinceMs, long clearedMs) {
    private boolean isOver(Limits limits, long nowMs) {
      return clearedMs > 0 && nowMs - clearedMs >= limits.clearMs();
    }

    private boolean isLongEnough(Limits limits, long nowMs) {
      return nowMs - sinceMs >= limits.raiseMs();
    }
  }

  /** For {@link SessionCodec}. */
  final Map<Trigger, Sighting> sightings = new EnumMap<>(Trigger.class);

  /** Takes down that something is seen to be bad, or to be good. */
  void note(Trigger trigger, boolean bad, Limits limits, long nowMs) {
    Sighting before = sightings.get(trigger);
    if (bad) {
      boolean anew = before == null || before.isOver(limits, nowMs);
      sightings.put(trigger, new Sighting(anew ? nowMs : before.sinceMs(), 0));
    } else if (before != null && !before.isLongEnough(limits, nowMs)) {
      sightings.remove(trigger);
    } else if (before != null && before.clearedMs() == 0) {
      sightings.put(trigger, new Sighting(before.sinceMs(), nowMs));
    }
  }

  /** Whether it counts; never if the policy does not have the trigger. */
  boolean isRaised(Trigger trigger, SessionPolicy policy, long nowMs) {
    Sighting sighting = sightings.get(trigger);
    Limits limits = policy.triggers().get(trigger);
    return sighting != null
        && limits != null
        && sighting.isLongEnough(limits, nowMs)
        && !sighting.isOver(limits, nowMs);
  }

  /** Forgets what has been good for long enough. */
  void expire(SessionPolicy policy, long nowMs) {
    sightings
        .entrySet()
        .removeIf(entry -> entry.getValue().isOver(policy.limits(entry.getKey()), nowMs));
  }

  /**
   * The picture is another source's from now on. One that was black before and is black after
   * raises no second alarm, so what stands is held against the new source, but only from when it
   * could have cleared it. What is cleared is not: often it was the new picture that cleared it.
   */
  void holdAgainstNext(long fromMs) {
    sightings.values().removeIf(sighting -> sighting.clearedMs() > 0);
    sightings.replaceAll((trigger, sighting) -> new Sighting(fromMs, 0));
  }

  void clear() {
    sightings.clear();
  }

  /** Says when time alone raises or ends one of them. */
  void wakeUps(SessionPolicy policy, LongConsumer at) {
    sightings.forEach(
        (trigger, sighting) -> {
          Limits limits = policy.limits(trigger);
          at.accept(sighting.sinceMs() + limits.raiseMs());
          if (sighting.clearedMs() > 0) {
            at.accept(sighting.clearedMs() + limits.clearMs());
          }
        });
  }

  /** What is bad at this moment, however briefly. */
  Set<Trigger> standing() {
    Set<Trigger> standing = EnumSet.noneOf(Trigger.class);
    sightings.forEach(
        (trigger, sighting) -> {
          if (sighting.clearedMs() == 0) {
            standing.add(trigger);
          }
        });
    return standing;
  }

  Alarms copy() {
    Alarms copy = new Alarms();
    copy.sightings.putAll(sightings);
    return copy;
  }
}
