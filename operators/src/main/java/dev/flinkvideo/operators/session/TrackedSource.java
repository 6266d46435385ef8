package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceSpecification;

/**
 * What a session knows of one of its sources: what it wants of it, how far its connection has come,
 * and what it went through before. Belongs to one {@link Session}; changed within a step only.
 * Times are ms since 1970, 0 for never.
 */
final class TrackedSource {
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

  /** Of its line, as the gateway measures it. Those of the picture are the session's. */
  Alarms alarms = new Alarms();

  /** What its connections, also those before, cost it. */
  Penalty penalty = new Penalty();

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
    alarms.clear();
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
    copy.alarms = alarms.copy();
    copy.penalty = penalty.copy();
    return copy;
  }
}
