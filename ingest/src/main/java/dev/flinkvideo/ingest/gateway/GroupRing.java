package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LiveUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What a feed brought of late, by whole groups of pictures, so that publishing can go on where
 * another source of the session ended: the group that is coming, the one before it, and as many as
 * it takes to reach back for some time. Bounded in bytes: the oldest groups go first; a group that
 * is longer by itself is given up, and the next one kept. Guarded by its feed.
 *
 * <pre>
 *   |K a b c d|K e f g|K h i|          all of it reaches back 5 s or more from the K of the newest
 *        ^ this is what was published last: publishing begins with the K before it
 * </pre>
 */
final class GroupRing {
  /** By how much less time this feed may be on its way than what was published. */
  private static final long SOONER_US = 500_000;

  private final long maxBytes;
  private final long reachUs;
  private final Deque<List<LiveUnit>> groups = new ArrayDeque<>();
  private long bytes;
  private long givenUp;

  /**
   * @param reachUs how far before its newest key frame it reaches back, if the bytes allow
   */
  GroupRing(long maxBytes, long reachUs) {
    this.maxBytes = maxBytes;
    this.reachUs = reachUs;
  }

  void add(LiveUnit unit) {
    if (unit.unit().key()) {
      groups.add(new ArrayList<>());
    } else if (groups.isEmpty()) {
      return; // of no use without its key frame
    }
    groups.getLast().add(unit);
    bytes += unit.unit().data().length;
    if (unit.unit().key()) {
      forgetBefore(unit.arrivalUs() - reachUs);
    }
    while (bytes > maxBytes) {
      givenUp += groups.size() == 1 ? 1 : 0;
      removeOldest();
    }
  }

  /** What follows cannot be decoded with what is here. */
  void clear() {
    groups.clear();
    bytes = 0;
  }

  /**
   * From a key frame on, or empty: from the newest that does not come after what was published
   * last. That is told by its content where both carry one encode, else by when it arrived: this
   * feed may be on its way for less time, and a picture of it that arrived before show a later
   * time.
   *
   * @param last null if that is not known: from the oldest key frame
   */
  List<LiveUnit> from(Published.Unit last) {
    List<LiveUnit> units = new ArrayList<>();
    boolean found = last == null;
    for (List<LiveUnit> group : groups) {
      boolean arrivedBefore =
          last != null && group.get(0).arrivalUs() <= last.arrivalUs() - SOONER_US;
      boolean holdsIt = last != null && group.stream().anyMatch(last::isSameAs);
      if (!found && (arrivedBefore || holdsIt)) {
        units.clear();
      }
      units.addAll(group);
      found |= holdsIt;
    }
    return units;
  }

  /** Groups that were longer than the bound. */
  long givenUp() {
    return givenUp;
  }

  private void forgetBefore(long arrivalUs) {
    while (groups.size() > 1 && second().get(0).arrivalUs() <= arrivalUs) {
      removeOldest();
    }
  }

  private List<LiveUnit> second() {
    Iterator<List<LiveUnit>> oldestFirst = groups.iterator();
    oldestFirst.next();
    return oldestFirst.next();
  }

  private void removeOldest() {
    groups.remove().forEach(unit -> bytes -= unit.unit().data().length);
  }
}
