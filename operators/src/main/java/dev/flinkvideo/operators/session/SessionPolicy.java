package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.Trigger;
import dev.flinkvideo.protocol.TriggerPolicy;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * When a session reconnects and moves, every value given. {@link PolicyOverrides} says what each
 * means.
 *
 * @param keyFrameIntervalMs 0 for not at all
 * @param triggers those that are on
 */
public record SessionPolicy(
    long stallAfterMs,
    long connectWithinMs,
    long firstSegmentWithinMs,
    long reportWithinMs,
    Backoff backoff,
    long resetAfterMs,
    int failuresBeforeNext,
    boolean makeBeforeBreak,
    int standbys,
    boolean returnToPreferred,
    long returnAfterMs,
    int quarantineFlaps,
    long quarantineWindowMs,
    long quarantineMs,
    long keyFrameIntervalMs,
    long forgetAfterMs,
    Map<Trigger, Limits> triggers,
    Map<Trigger, Limits> triggerDefaults)
    implements Serializable {

  /** When a trigger counts as raised and as cleared. */
  public record Limits(long raiseMs, long clearMs, double threshold) implements Serializable {}

  /** This policy where {@code overrides} says nothing else; null says nothing at all. */
  public SessionPolicy with(PolicyOverrides overrides) {
    if (overrides == null) {
      return this;
    }
    return new SessionPolicy(
        or(overrides.stallAfterMs(), stallAfterMs),
        or(overrides.connectWithinMs(), connectWithinMs),
        or(overrides.firstSegmentWithinMs(), firstSegmentWithinMs),
        or(overrides.reportWithinMs(), reportWithinMs),
        new Backoff(
            or(overrides.backoffInitialMs(), backoff.initialMs()),
            or(overrides.backoffFactor(), backoff.factor()),
            or(overrides.backoffMaxMs(), backoff.maxMs()),
            or(overrides.backoffJitter(), backoff.jitter())),
        or(overrides.resetAfterMs(), resetAfterMs),
        or(overrides.failuresBeforeNext(), failuresBeforeNext),
        or(overrides.makeBeforeBreak(), makeBeforeBreak),
        or(overrides.standbys(), standbys),
        or(overrides.returnToPreferred(), returnToPreferred),
        or(overrides.returnAfterMs(), returnAfterMs),
        or(overrides.quarantineFlaps(), quarantineFlaps),
        or(overrides.quarantineWindowMs(), quarantineWindowMs),
        or(overrides.quarantineMs(), quarantineMs),
        or(overrides.keyFrameIntervalMs(), keyFrameIntervalMs),
        forgetAfterMs,
        overrides.triggers() == null ? triggers : triggersWith(overrides.triggers()),
        triggerDefaults);
  }

  /** Those of a trigger, also if it is off. */
  Limits limits(Trigger trigger) {
    return triggers.getOrDefault(trigger, triggerDefaults.get(trigger));
  }

  private Map<Trigger, Limits> triggersWith(Map<Trigger, TriggerPolicy> overrides) {
    Map<Trigger, Limits> result = new EnumMap<>(Trigger.class);
    result.putAll(triggers);
    overrides.forEach(
        (trigger, override) -> {
          Limits limits = triggerDefaults.get(trigger);
          result.put(
              trigger,
              new Limits(
                  or(override.raiseMs(), limits.raiseMs()),
                  or(override.clearMs(), limits.clearMs()),
                  or(override.threshold(), limits.threshold())));
          if (!or(override.enabled(), true)) {
            result.remove(trigger);
          }
        });
    return result;
  }

  /**
   * An upper bound of how often a session can leave its source for another within a quarantine
   * window, operators' moves not counted: each source breaks so often until it is quarantined, and
   * after that no more often than its back-off, or the time after which that begins anew, allows.
   */
  public long mostMovesPerWindow(int sources) {
    long spacingMs = Math.max(1, Math.min(backoff.shortestLongWaitMs(), resetAfterMs));
    long perSource =
        quarantineFlaps + backoff.stepsToMax() + (quarantineWindowMs + spacingMs - 1) / spacingMs;
    return 2 * sources * perSource;
  }

  private static <T> T or(T override, T fallback) {
    return override == null ? fallback : override;
  }
}
