package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LiveUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was published last of each session by this gateway, from whichever source: where the next
 * one has to begin. Any thread; owned by {@link Connections}.
 */
final class Published {
  /**
   * An access unit.
   *
   * @param arrivalUs by this gateway's clock
   */
  record Unit(long contentHash, long arrivalUs) {
    boolean isSameAs(LiveUnit other) {
      return contentHash != 0 && contentHash == other.unit().contentHash();
    }
  }

  private final Map<String, Unit> last = new ConcurrentHashMap<>();

  void add(String session, LiveUnit unit) {
    last.put(session, new Unit(unit.unit().contentHash(), unit.arrivalUs()));
  }

  /** Null if nothing was. */
  Unit last(String session) {
    return last.get(session);
  }

  void forget(String session) {
    last.remove(session);
  }
}
