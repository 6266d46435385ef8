package dev.flinkvideo.operators.timeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Puts the pictures of one session on one axis: nanoseconds since its first picture, strictly
 * rising. Time stamps that jump (a source that restarts at 0, is hours off, or runs backwards) are
 * re-based and counted, never passed on. It depends on the log alone: arrival times are those the
 * segments carry. Task thread only.
 */
public final class SessionTime {
  /** Step where the source gives none, and after a jump: one picture at 25 per second. */
  private static final long DEFAULT_STEP_NS = 40_000_000L;

  private final long maxJumpNs;
  private boolean started;
  private boolean anchored;
  private long offsetNs;
  private long lastNs;
  private long lastArrivalUs;
  private long stepNs = DEFAULT_STEP_NS;
  private long rebases;
  private long lastJumpNs;

  /**
   * @param maxJumpNs a step beyond this that the arrival times do not show too is a jump
   */
  public SessionTime(long maxJumpNs) {
    this.maxJumpNs = maxJumpNs;
  }

  /**
   * Another connection begins: its first picture follows the last one by as much as it arrived
   * later.
   */
  public void newConnection() {
    anchored = false;
  }

  /**
   * Session time of the next picture.
   *
   * @param sourceNs its time stamp by the source's clock, in nanoseconds
   * @param arrivalUs when it arrived, as the log says, in microseconds since 1970
   */
  public long at(long sourceNs, long arrivalUs) {
    if (!started) {
      started = true;
      anchored = true;
      offsetNs = -sourceNs;
      return advance(0, arrivalUs);
    }
    long elapsedNs = Math.max(0, (arrivalUs - lastArrivalUs) * 1000);
    if (!anchored) {
      anchored = true;
      long timeNs = lastNs + Math.max(stepNs, Math.min(elapsedNs, Long.MAX_VALUE / 4));
      offsetNs = timeNs - sourceNs;
      return advance(timeNs, arrivalUs);
    }
    long timeNs = sourceNs + offsetNs;
    if (timeNs <= lastNs || timeNs - lastNs > maxJumpNs + elapsedNs) {
      rebases++;
      lastJumpNs = timeNs - lastNs;
      timeNs = lastNs + stepNs;
      offsetNs = timeNs - sourceNs;
    } else {
      stepNs = Math.min(timeNs - lastNs, maxJumpNs);
    }
    return advance(timeNs, arrivalUs);
  }

  /** Session time of a picture whose source gave no time stamp: one step after the last one. */
  public long atUnknown(long arrivalUs) {
    boolean first = !started;
    started = true;
    return advance(first ? 0 : lastNs + stepNs, arrivalUs);
  }

  /** How often time stamps were re-based. */
  public long rebases() {
    return rebases;
  }

  /** How far the last re-based time stamp was from the picture before it. */
  public long lastJumpNs() {
    return lastJumpNs;
  }

  /** Writes where it stands, for a checkpoint. */
  public void write(DataOutput out) throws IOException {
    out.writeBoolean(started);
    out.writeBoolean(anchored);
    out.writeLong(offsetNs);
    out.writeLong(lastNs);
    out.writeLong(lastArrivalUs);
    out.writeLong(stepNs);
    out.writeLong(rebases);
    out.writeLong(lastJumpNs);
  }

  /** Takes up where another stood. */
  public void read(DataInput in) throws IOException {
    started = in.readBoolean();
    anchored = in.readBoolean();
    offsetNs = in.readLong();
    lastNs = in.readLong();
    lastArrivalUs = in.readLong();
    stepNs = in.readLong();
    rebases = in.readLong();
    lastJumpNs = in.readLong();
  }

  private long advance(long timeNs, long arrivalUs) {
    lastNs = timeNs;
    lastArrivalUs = arrivalUs;
    return timeNs;
  }
}
