package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.SourceStatus;
import dev.flinkvideo.protocol.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A session as people see it on {@code video.status}. */
final class Statuses {
  private Statuses() {}

  /**
   * @param decoding what the decoder told last; null if nothing
   */
  static SessionStatus of(Session session, Decoding decoding, long nowMs) {
    List<SourceStatus> sources = new ArrayList<>();
    session.sources.forEach(source -> sources.add(of(session, source, nowMs)));
    TrackedSource current = session.current();
    return new SessionStatus(
        SessionStatus.VERSION,
        session.name,
        session.state.label(),
        session.sinceMs,
        session.reason.label(),
        session.current,
        current == null ? null : orNull(current.epoch),
        session.target,
        session.moves,
        session.pinInForce(nowMs),
        sources,
        decoding,
        nowMs);
  }

  private static SourceStatus of(Session session, TrackedSource source, long nowMs) {
    Set<Trigger> bad = source.alarms.standing();
    if (source.name.equals(session.current)) {
      bad.addAll(session.alarms.standing());
    }
    Penalty penalty = source.penalty;
    return new SourceStatus(
        source.name,
        source.phase.label(),
        orNull(source.connection),
        orNull(source.epoch),
        source.gateway.isEmpty() ? null : source.gateway,
        penalty.failures,
        penalty.flapsMs.length,
        penalty.isWaiting(nowMs) ? penalty.retryMs : null,
        penalty.isQuarantined(nowMs) ? penalty.quarantinedUntilMs : null,
        List.copyOf(bad));
  }

  private static Long orNull(long number) {
    return number == 0 ? null : number;
  }

  /** Whether people would see a difference, times apart. */
  static boolean differ(Session before, Session after) {
    if (before.sources.size() != after.sources.size()) {
      return true;
    }
    for (int i = 0; i < after.sources.size(); i++) {
      TrackedSource a = before.sources.get(i);
      TrackedSource b = after.sources.get(i);
      boolean same =
          a.name.equals(b.name)
              && a.phase == b.phase
              && a.connection == b.connection
              && a.epoch == b.epoch
              && a.penalty.failures == b.penalty.failures
              && a.penalty.quarantinedUntilMs == b.penalty.quarantinedUntilMs
              && a.gateway.equals(b.gateway);
      if (!same) {
        return true;
      }
    }
    return false;
  }
}
