package dev.flinkvideo.operators.analyze;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;

/**
 * An alarm that is raised once a picture has been bad for a duration and cleared by the first good
 * one. Belongs to one analyzer; task thread only.
 *
 * <pre>
 *   good ──bad──▶ pending ──bad for the duration──▶ raised
 *    ▲              │                                 │
 *    └──── good ────┴───────────── good, clear ───────┘
 * </pre>
 */
public final class Alarm {
  private final String name;
  private final long durationNs;

  private boolean bad;
  private boolean raised;
  private long sinceNs;
  private long lastBadNs;
  private double lastBadValue;

  public Alarm(String name, Duration duration) {
    this.name = name;
    this.durationNs = duration.toNanos();
  }

  /** Pending or raised. */
  public boolean isBad() {
    return bad;
  }

  /**
   * The current picture is bad.
   *
   * @param fromNs when it began, if it was good until now
   */
  public void bad(long fromNs, double value, Findings findings) {
    if (!bad) {
      bad = true;
      sinceNs = fromNs;
    }
    lastBadNs = findings.timeNs();
    lastBadValue = value;
    if (isDue(findings)) {
      raise(findings);
    }
  }

  /**
   * The current picture is good. What was bad lasted until it, so it may have to be raised first.
   */
  public void good(double value, Findings findings) {
    boolean seenTwice = bad && lastBadNs > sinceNs; // one picture does not make a duration
    if (seenTwice && isDue(findings)) {
      raise(findings);
    }
    if (raised) {
      findings.clear(name, sinceNs, value);
    }
    bad = false;
    raised = false;
  }

  /** Writes where it stands, for {@link Analyzer#write}. */
  public void write(DataOutput out) throws IOException {
    out.writeBoolean(bad);
    out.writeBoolean(raised);
    out.writeLong(sinceNs);
    out.writeLong(lastBadNs);
    out.writeDouble(lastBadValue);
  }

  /** Takes up where another stood, for {@link Analyzer#read}. */
  public void read(DataInput in) throws IOException {
    bad = in.readBoolean();
    raised = in.readBoolean();
    sinceNs = in.readLong();
    lastBadNs = in.readLong();
    lastBadValue = in.readDouble();
  }

  private boolean isDue(Findings findings) {
    return !raised && findings.timeNs() - sinceNs >= durationNs;
  }

  private void raise(Findings findings) {
    raised = true;
    findings.raise(name, sinceNs, lastBadValue);
  }
}
