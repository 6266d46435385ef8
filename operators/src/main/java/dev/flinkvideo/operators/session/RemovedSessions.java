package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.ConnectionReport;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which sessions were removed a moment ago. What is still reported of their connections was on its
 * way: the gateway is told to close them, and it makes no session anew. Not in state: after a
 * restore such a session is known by its reports, until its connections are closed. One thread.
 */
final class RemovedSessions {
  /** Some MB at most. */
  private static final int MOST = 10_000;

  private record Removed(long lastNumber, long untilMs) {}

  private final long forMs;

  /** By session, the oldest first. */
  private final Map<String, Removed> removed = new LinkedHashMap<>();

  /**
   * @param forMs for how long a gateway may still report
   */
  RemovedSessions(long forMs) {
    this.forMs = forMs;
  }

  void add(Session session, long nowMs) {
    removed.remove(session.name); // to the end
    removed.put(session.name, new Removed(session.lastNumber, nowMs + forMs));
    removed.values().removeIf(each -> each.untilMs <= nowMs);
    if (removed.size() > MOST) {
      removed.remove(removed.keySet().iterator().next());
    }
  }

  /** Whether it is about a connection that the session had. */
  boolean had(ConnectionReport report, long nowMs) {
    Removed session = removed.get(report.session());
    return session != null
        && nowMs < session.untilMs
        && report.connection() != null
        && Observer.number(report) <= session.lastNumber;
  }
}
