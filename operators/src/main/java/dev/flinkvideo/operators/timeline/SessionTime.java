package dev.flinkvideo.operators.timeline;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Puts the pictures of one session on one axis: nanoseconds since its first picture, strictly
 * rising. It depends on the log alone: arrival times are those the segments carry. Owned by the
 * session's decoder, task thread only.
 *
 * <pre>
 *   session time = offset + time by the source, rounded to nanoseconds once, at the very end
 *
 *   offset   fixed by the session's first picture, and kept, exactly, until
 *     another connection ... put anew from access units that both carry, else from capture clocks,
 *                            else from arrival times: see {@link Joint}
 *     wrap-around .......... moved by the period of the source's counter (2^32 or 2^33 ticks)
 *     jump ................. re-based: one step behind the last picture, and counted
 * </pre>
 */
public final class SessionTime {
  private static final StateFormat FORMAT = new StateFormat("time line state", 1);

  private final long maxJumpNs;

  private boolean started;

  /** The offset is that of the current connection; else of the one before it. */
  private boolean anchored;

  private ExactNs offset = ExactNs.ZERO;

  /** Session time from which on the offset holds. */
  private long offsetSinceNs;

  private LastPicture last = new LastPicture();
  private CaptureClocks captureClocks = new CaptureClocks();
  private Matches matches = new Matches();

  private long rebases;
  private long lastJumpNs;
  private long wraps;
  private Joint joint;

  /**
   * @param maxJumpNs a step beyond this that the arrival times do not show too is a jump
   */
  public SessionTime(long maxJumpNs) {
    this.maxJumpNs = maxJumpNs;
  }

  /** Another connection begins; its first picture follows the last one of the old. */
  public void newConnection() {
    anchored = false;
    captureClocks.nextBegins();
    matches = new Matches();
  }

  /**
   * The new connection carries an access unit that was shown before. To be called between {@link
   * #newConnection} and the first picture that is new.
   *
   * @param shownTicks its time stamp when it was shown
   * @param ticks its time stamp on the new connection
   */
  public void matched(long shownTicks, TimeBase shownBase, long ticks, TimeBase base) {
    if (anchored || !started) {
      return;
    }
    try {
      ExactNs shown = shownBase.exactNs(shownTicks);
      ExactNs valid =
          WrapAround.without(
              offset,
              shown,
              shownBase,
              t -> t >= offsetSinceNs && t <= last.timeNs() + LastPicture.MAX_STEP_NS);
      if (valid != null) {
        matches.add(valid.plus(shown), shownBase, base.exactNs(ticks), base);
      }
    } catch (ArithmeticException beyond292Years) {
      // such a stamp tells nothing
    }
  }

  /**
   * When the source says that a picture of the current connection was taken.
   *
   * @param captureNs in nanoseconds since 1970, by the source's clock, not by ours
   */
  public void captured(long ticks, TimeBase base, long captureNs) {
    try {
      long offsetNs = Math.subtractExact(captureNs, base.exactNs(ticks).roundedNs());
      captureClocks.set(offsetNs, /* ofNext= */ started && !anchored);
    } catch (ArithmeticException beyond292Years) {
      // such a stamp tells nothing
    }
  }

  /** What follows on the current connection says no more when it was taken. */
  public void notCaptured() {
    captureClocks.forget(/* ofNext= */ started && !anchored);
  }

  /**
   * Session time of the next picture.
   *
   * @param ticks its time stamp by the source's clock
   * @param arrivalUs when it arrived, as the log says, in microseconds since 1970
   */
  public long at(long ticks, TimeBase base, long arrivalUs) {
    try {
      ExactNs source = base.exactNs(ticks);
      if (!started) {
        offset = ExactNs.ZERO.minus(source);
        started = true;
        anchored = true;
        return last.standsAt(0, arrivalUs);
      }
      long withinNs = maxJumpNs + last.elapsedNs(arrivalUs);
      return last.standsAt(
          anchored ? next(source, base, withinNs) : join(source, base, arrivalUs), arrivalUs);
    } catch (ArithmeticException beyond292Years) {
      return atUnknown(arrivalUs);
    }
  }

  /** Session time of a picture whose source gave no time stamp: one step after the last one. */
  public long atUnknown(long arrivalUs) {
    boolean first = !started;
    started = true;
    return last.standsAt(first ? 0 : last.timeNs() + last.stepNs(), arrivalUs);
  }

  /** How the current connection was put behind the one before; null but once after that. */
  public Joint takeJoint() {
    Joint taken = joint;
    joint = null;
    return taken;
  }

  /** How often time stamps were re-based. */
  public long rebases() {
    return rebases;
  }

  /** How far the last re-based time stamp was from the picture before it. */
  public long lastJumpNs() {
    return lastJumpNs;
  }

  /** How often the source's counter wrapped around. */
  public long wraps() {
    return wraps;
  }

  private long next(ExactNs source, TimeBase base, long withinNs) {
    long timeNs = offset.plus(source).roundedNs();
    if (last.isAfterItsTurn(timeNs)) {
      return last.afterItsTurn(timeNs);
    }
    ExactNs continued =
        WrapAround.without(offset, source, base, t -> last.isFollowedBy(t, withinNs));
    if (continued == null) {
      return rebase(source, timeNs);
    }
    if (continued != offset) {
      wraps++;
      captureClocks.forgetCurrent(); // of stamps before the wrap-around
      offset = continued;
    }
    return last.followedBy(offset.plus(source).roundedNs());
  }

  private long rebase(ExactNs source, long timeNs) {
    long jumpNs = Math.subtractExact(timeNs, last.timeNs());
    long rebasedNs = last.timeNs() + last.stepNs();
    offset = ExactNs.ofNs(rebasedNs).minus(source);
    offsetSinceNs = rebasedNs;
    captureClocks.forgetCurrent();
    rebases++;
    lastJumpNs = jumpNs;
    return last.stamped(rebasedNs);
  }

  private long join(ExactNs source, TimeBase base, long arrivalUs) {
    long elapsedNs = last.elapsedNs(arrivalUs);
    long withinNs = maxJumpNs + elapsedNs;
    Joint.By by = Joint.By.HASHES;
    ExactNs joined = byMatches(source, base, withinNs);
    if (joined == null) {
      by = Joint.By.CAPTURE_CLOCKS;
      joined = byCaptureClocks(source, base, withinNs);
    }
    if (joined == null) {
      by = Joint.By.ARRIVAL;
      joined = ExactNs.ofNs(last.timeNs() + Math.max(last.stepNs(), elapsedNs)).minus(source);
    }
    long stampNs = last.stamped(joined.plus(source).roundedNs());
    long timeNs = Math.max(stampNs, last.timeNs() + 1);
    Matches used = by == Joint.By.HASHES ? matches : new Matches();
    joint =
        new Joint(
            by,
            timeNs - last.timeNs(),
            joined.minus(offset).roundedNs(),
            used.count(),
            used.uncertaintyNs());
    anchored = true;
    offset = joined;
    offsetSinceNs = used.count() > 0 ? used.sinceNs() : timeNs;
    captureClocks.nextIsCurrent();
    matches = new Matches();
    return timeNs;
  }

  /**
   * The first new picture may be one that comes after its turn, see {@link
   * LastPicture#isAfterItsTurn}.
   */
  private ExactNs byMatches(ExactNs source, TimeBase base, long withinNs) {
    if (matches.count() == 0) {
      return null;
    }
    return WrapAround.without(
        matches.offset(),
        source,
        base,
        t ->
            t > last.timeNs() - LastPicture.MAX_STEP_NS
                && last.isFollowedBy(Math.max(t, last.timeNs() + 1), withinNs));
  }

  private ExactNs byCaptureClocks(ExactNs source, TimeBase base, long withinNs) {
    ExactNs shift = captureClocks.shift();
    return shift == null
        ? null
        : WrapAround.without(offset.plus(shift), source, base, t -> last.isFollowedBy(t, withinNs));
  }

  /** For keyed state. */
  public void write(DataOutput out) throws IOException {
    FORMAT.writeVersion(out);
    out.writeBoolean(started);
    out.writeBoolean(anchored);
    out.writeBoolean(last.isRepeated());
    offset.write(out);
    out.writeLong(offsetSinceNs);
    last.write(out);
    captureClocks.write(out);
    matches.write(out);
    out.writeLong(rebases);
    out.writeLong(lastJumpNs);
    out.writeLong(wraps);
  }

  /**
   * @throws UnreadableStateException if another version wrote it
   */
  public static SessionTime read(DataInput in, long maxJumpNs) throws IOException {
    FORMAT.readVersion(in);
    SessionTime time = new SessionTime(maxJumpNs);
    time.started = in.readBoolean();
    time.anchored = in.readBoolean();
    boolean repeated = in.readBoolean();
    time.offset = ExactNs.read(in);
    time.offsetSinceNs = in.readLong();
    time.last = LastPicture.read(in, repeated);
    time.captureClocks = CaptureClocks.read(in);
    time.matches = Matches.read(in);
    time.rebases = in.readLong();
    time.lastJumpNs = in.readLong();
    time.wraps = in.readLong();
    return time;
  }
}
