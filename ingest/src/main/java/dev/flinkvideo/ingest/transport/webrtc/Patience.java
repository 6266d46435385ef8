package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;

/**
 * When a connection without access units is over, and why: UDP does not say that a peer is gone, so
 * silence does. One thread; time is an argument.
 */
final class Patience {
  private final Deadlines deadlines;
  private long unitNanos;
  private long leftOutAtUnit;
  private boolean waitsForKey;
  private long units;

  Patience(Deadlines deadlines, long openedNanos) {
    this.deadlines = deadlines;
    unitNanos = openedNanos;
  }

  /**
   * Notes what came so far; what the taker of the units needed is not the peer's time.
   *
   * @param unitsNow access units that were passed on
   * @param leftOut pictures that could not be
   */
  void came(long unitsNow, long leftOut, long nowNanos) {
    if (unitsNow > units) {
      units = unitsNow;
      unitNanos = nowNanos;
      leftOutAtUnit = leftOut;
    }
    waitsForKey = leftOut > leftOutAtUnit;
  }

  /**
   * @param heardNanos when anything came last
   * @param sound whether anything came that is no video
   * @return null while there is hope
   */
  Ending ending(long nowNanos, long heardNanos, boolean sound) {
    long silentNanos = nowNanos - heardNanos;
    long nextNanos = deadlines.nextUnit().toNanos();
    long waitedNanos = nowNanos - unitNanos;
    if (silentNanos >= nextNanos || waitedNanos >= nextNanos && silentNanos >= nextNanos / 2) {
      return new Ending(EndReason.LOST, "nothing came for " + millis(silentNanos));
    }
    // Pictures that wait for their key frame are no stall, for as long as a first one may take.
    long limitNanos = units > 0 && !waitsForKey ? nextNanos : deadlines.firstUnit().toNanos();
    if (waitedNanos < limitNanos) {
      return null;
    }
    if (waitsForKey) {
      return new Ending(EndReason.STALLED, "no key frame for " + millis(waitedNanos));
    }
    if (units > 0) {
      return new Ending(EndReason.STALLED, "no picture for " + millis(waitedNanos));
    }
    return sound
        ? new Ending(EndReason.NO_VIDEO, "only sound or data within " + millis(limitNanos))
        : new Ending(EndReason.STALLED, "nothing within " + millis(limitNanos));
  }

  private static String millis(long nanos) {
    return nanos / 1_000_000 + " ms";
  }
}
