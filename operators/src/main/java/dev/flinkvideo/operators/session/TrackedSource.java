package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.Trigger;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a session knows of one of its sources: what it wants of it, how far its connection has come,
 * and what it went through before. Belongs to one {@link Session}; changed within a step only.
 * Times are ms since 1970, 0 for never.
 */
final class TrackedSource {
  /** A trigger that was seen, and since when it is over; 0 if it is not. */
  record Raised(long sinceMs, long clearedMs) {}

  final String name;

  /** Null while nobody has specified it. */
  SourceSpecification definition;

  /** What its connection is to do; null if it is to have none. */
  Role role;

  Phase phase = Phase.CLOSED;

  /** Number of the connection that is wanted, or was reported; 0 for none. */
  long connection;

  /** Under which it was told to publish; 0 unless live or outgoing. */
  long epoch;

  /** When the gateway opened it, by the gateway's clock. */
  long openedAtMs;

  String gateway = "";

  /** Since when it has the phase. */
  long phaseMs;

  /** When it was told to go live. */
  long toLiveMs;

  /** When its last access unit came. */
  long unitMs;

  /** When the last report came. */
  long reportMs;

  /** Since when it delivers without a break. */
  long healthyMs;

  int failures;
  long retryMs;
  long[] flapsMs = {};
  long quarantinedUntilMs;

  /** What the gateway measures. The alarms of the picture are the session's. */
  final Map<Trigger, Raised> triggers = new EnumMap<>(Trigger.class);

  /** Why its connection was lost in this step; not in state. */
  Reason lost;

  /** Facts about that, for people; not in state. */
  String lostDetail = "";

  TrackedSource(String name) {
    this.name = name;
  }

  boolean isReady() {
    return phase.isAtLeast(Phase.READY);
  }

  boolean isWanted() {
    return role != null;
  }

  boolean isQuarantined(long nowMs) {
    return nowMs < quarantinedUntilMs;
  }

  void enter(Phase next, long nowMs) {
    if (phase != next) {
      phase = next;
      phaseMs = nowMs;
    }
  }

  /** Nothing is wanted of it any more, or nothing is left of it. */
  void close() {
    role = null;
    phase = Phase.CLOSED;
    connection = 0;
    epoch = 0;
    openedAtMs = 0;
    gateway = "";
    phaseMs = 0;
    toLiveMs = 0;
    unitMs = 0;
    reportMs = 0;
    healthyMs = 0;
    triggers.clear();
  }

  TrackedSource copy() {
    TrackedSource copy = new TrackedSource(name);
    copy.definition = definition;
    copy.role = role;
    copy.phase = phase;
    copy.connection = connection;
    copy.epoch = epoch;
    copy.openedAtMs = openedAtMs;
    copy.gateway = gateway;
    copy.phaseMs = phaseMs;
    copy.toLiveMs = toLiveMs;
    copy.unitMs = unitMs;
    copy.reportMs = reportMs;
    copy.healthyMs = healthyMs;
    copy.failures = failures;
    copy.retryMs = retryMs;
    copy.flapsMs = flapsMs; // replaced, never written into
    copy.quarantinedUntilMs = quarantinedUntilMs;
    copy.triggers.putAll(triggers);
    return copy;
  }
}
