package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.EncodedUnit;
import java.util.Optional;

/** Counts what one connection brings. Written by its thread, read by any. */
public final class UnitCounter {
  private volatile long videoBytes;
  private volatile long accessUnits;
  private volatile long keyFrames;
  private volatile long passedOver;

  // One writer, so that reading and writing back loses nothing.

  public void count(EncodedUnit unit) {
    videoBytes = videoBytes + unit.data().length;
    keyFrames = keyFrames + (unit.key() ? 1 : 0);
    accessUnits = accessUnits + 1;
  }

  public void passOver() {
    passedOver = passedOver + 1;
  }

  public TransportStatistics statistics(Optional<LinkStatistics> link) {
    return new TransportStatistics(videoBytes, accessUnits, keyFrames, passedOver, link);
  }
}
