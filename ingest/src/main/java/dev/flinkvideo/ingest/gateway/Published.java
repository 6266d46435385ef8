package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was published last of each session by this gateway, from whichever source: where the next
 * one has to begin. What waits for its segment to be full does not count, for it may come too late.
 * Any thread; owned by {@link Connections}.
 */
final class Published {
  /**
   * The last access unit of a segment.
   *
   * @param arrivalUs when the first one arrived, by this gateway's clock
   */
  record Unit(long contentHash, long arrivalUs) {
    boolean isSameAs(LiveUnit other) {
      return contentHash != 0 && contentHash == other.unit().contentHash();
    }
  }

  private final Map<String, Unit> last = new ConcurrentHashMap<>();

  void add(Segment segment) {
    AccessUnit unit = segment.getAccessUnits(segment.getAccessUnitsCount() - 1);
    last.put(segment.getSession(), new Unit(unit.getContentHash(), segment.getArrivalTimeUs()));
  }

  /** Null if nothing was. */
  Unit last(String session) {
    return last.get(session);
  }

  void forget(String session) {
    last.remove(session);
  }
}
