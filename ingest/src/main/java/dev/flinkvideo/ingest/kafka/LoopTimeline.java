package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.EncodedUnit;

/**
 * Makes the rounds of a loop one timeline: each round follows the last picture of the round before
 * without gap or jump, and begins with a key frame. One thread.
 */
final class LoopTimeline {
  private long shiftTicks;
  private boolean laterRound;
  private boolean begun;

  // Of this round, before shifting.
  private long firstDts;
  private long lastDts;
  private long firstPts;
  private long endPts;
  private long lastDurationTicks;

  LoopTimeline() {
    clearRound();
  }

  /** The unit moved to its place on the timeline, or null if it cannot be shown there. */
  EncodedUnit place(EncodedUnit unit, long durationTicks) {
    // What depends on pictures before the file's start can be had at the start, not in its middle.
    if (laterRound && !begun && !unit.key()) {
      return null;
    }
    begun = true;
    note(unit, durationTicks);
    return new EncodedUnit(
        unit.data(), shift(unit.pts()), shift(unit.dts()), unit.key(), unit.contentHash());
  }

  /** The source begins again. */
  void nextRound() {
    if (begun) {
      shiftTicks += roundTicks();
    }
    laterRound = true;
    clearRound();
  }

  private void note(EncodedUnit unit, long durationTicks) {
    if (unit.dts() != EncodedUnit.NO_TIME) {
      firstDts = firstDts == EncodedUnit.NO_TIME ? unit.dts() : firstDts;
      lastDts = unit.dts();
    }
    if (unit.pts() != EncodedUnit.NO_TIME) {
      firstPts = Math.min(firstPts, unit.pts());
      endPts = Math.max(endPts, unit.pts() + durationTicks);
    }
    lastDurationTicks = Math.max(durationTicks, 1);
  }

  /** From the first picture to the end of the last, and long enough for decoding times to rise. */
  private long roundTicks() {
    long shown = firstPts == Long.MAX_VALUE ? 0 : endPts - firstPts;
    long decoded = firstDts == EncodedUnit.NO_TIME ? 0 : lastDts - firstDts;
    return shown > decoded ? shown : decoded + lastDurationTicks;
  }

  private long shift(long time) {
    return time == EncodedUnit.NO_TIME ? time : time + shiftTicks;
  }

  private void clearRound() {
    begun = false;
    firstDts = EncodedUnit.NO_TIME;
    lastDts = EncodedUnit.NO_TIME;
    firstPts = Long.MAX_VALUE;
    endPts = Long.MIN_VALUE;
  }
}
