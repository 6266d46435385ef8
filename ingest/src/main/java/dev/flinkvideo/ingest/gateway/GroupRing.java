package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LiveUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest group of pictures of a feed, from its key frame on, so that publishing can begin
 * without waiting for the next. Bounded in bytes: a group that is longer is given up, and the next
 * one kept. Guarded by its feed.
 */
final class GroupRing {
  private final long maxBytes;
  private final List<LiveUnit> units = new ArrayList<>();
  private long bytes;
  private long givenUp;

  GroupRing(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(LiveUnit unit) {
    if (unit.unit().key()) {
      clear();
    } else if (units.isEmpty()) {
      return; // of no use without its key frame
    }
    units.add(unit);
    bytes += unit.unit().data().length;
    if (bytes > maxBytes) {
      clear();
      givenUp++;
    }
  }

  /** What follows cannot be decoded with what is here. */
  void clear() {
    units.clear();
    bytes = 0;
  }

  /** From a key frame on, or empty. */
  List<LiveUnit> units() {
    return units;
  }

  /** Groups that were longer than the bound. */
  long givenUp() {
    return givenUp;
  }
}
