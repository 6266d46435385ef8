package dev.flinkvideo.operators.admission;

import dev.flinkvideo.protocol.EncodedUnit;

/**
 * The time stamp that an access unit had on the connection on which it was admitted first.
 *
 * @param pts in its time base, or {@link EncodedUnit#NO_TIME} if it had none or was lost there
 */
public record Shown(long pts, int timeBaseNumerator, int timeBaseDenominator) {
  /** It was lost on the connection before, and is too late to be shown now. */
  static final Shown LOST = new Shown(EncodedUnit.NO_TIME, 1, 1);

  /** By the clock of its source; NaN, which is later than nothing, if it has no time. */
  double seconds() {
    return hasTime() ? (double) pts * timeBaseNumerator / timeBaseDenominator : Double.NaN;
  }

  public boolean hasTime() {
    return pts != EncodedUnit.NO_TIME;
  }
}
