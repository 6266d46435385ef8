package dev.flinkvideo.operators.timeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where the last picture stands on a session's axis, and what that says of the next one: whether it
 * follows, comes after its turn, or jumps. Belongs to one {@link SessionTime}.
 */
final class LastPicture {
  /** Step where the source gives none, and after a jump: one picture at 25 per second. */
  private static final long DEFAULT_STEP_NS = 40_000_000L;

  /** A longer step is a pause, and not what the source's pictures are apart. */
  static final long MAX_STEP_NS = 1_000_000_000L;

  private long timeNs;
  private long arrivalUs;
  private long stepNs = DEFAULT_STEP_NS;

  /** Where it would stand if it did not have to be behind the one before it. */
  private long stampNs;

  /** Its stamp did not rise. */
  private boolean repeated;

  long timeNs() {
    return timeNs;
  }

  /** What the source's pictures are apart, as far as is known. */
  long stepNs() {
    return stepNs;
  }

  boolean isRepeated() {
    return repeated;
  }

  /** The first picture there is, or one that is put where it belongs for want of a time stamp. */
  long standsAt(long newTimeNs, long newArrivalUs) {
    timeNs = newTimeNs;
    arrivalUs = newArrivalUs;
    return newTimeNs;
  }

  /** The next picture's stamp counts: it is what those after it are compared with. */
  long stamped(long newStampNs) {
    stampNs = newStampNs;
    repeated = false;
    return newStampNs;
  }

  /** The next picture follows in its turn. */
  long followedBy(long nextNs) {
    stepNs = Math.min(nextNs - timeNs, MAX_STEP_NS);
    return stamped(nextNs);
  }

  /**
   * A picture that belongs before the last one is put right behind it, if that is no jump: if its
   * stamp repeats the last one or nearly, but once; or if stamps rise, after pictures that were
   * shown before their turn because a connection ended.
   */
  boolean isAfterItsTurn(long nextNs) {
    if (nextNs > timeNs) {
      return false;
    }
    return nextNs > stampNs ? nextNs > timeNs - MAX_STEP_NS : nextNs > timeNs - stepNs && !repeated;
  }

  /** Puts such a picture. */
  long afterItsTurn(long nextNs) {
    repeated = nextNs <= stampNs;
    stampNs = nextNs;
    return timeNs + 1;
  }

  /** A picture there comes after the last one, by no more than this. */
  boolean isFollowedBy(long nextNs, long withinNs) {
    return nextNs > timeNs && nextNs - timeNs <= withinNs;
  }

  /** At most half of what is left of the axis: a false arrival time must not use it up. */
  long elapsedNs(long nextArrivalUs) {
    long mostUs = (Long.MAX_VALUE / 2 - timeNs) / 2_000;
    return Math.max(0, Math.min(nextArrivalUs - arrivalUs, mostUs)) * 1_000;
  }

  /** All but whether it repeats the one before, which {@link SessionTime} writes. */
  void write(DataOutput out) throws IOException {
    out.writeLong(timeNs);
    out.writeLong(stampNs);
    out.writeLong(arrivalUs);
    out.writeLong(stepNs);
  }

  static LastPicture read(DataInput in, boolean repeated) throws IOException {
    LastPicture last = new LastPicture();
    last.repeated = repeated;
    last.timeNs = in.readLong();
    last.stampNs = in.readLong();
    last.arrivalUs = in.readLong();
    last.stepNs = in.readLong();
    return last;
  }
}
