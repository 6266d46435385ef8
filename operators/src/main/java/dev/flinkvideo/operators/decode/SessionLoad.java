package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.Fidelity;

/**
 * What one session costs and how far it is behind. Updated with each record, evaluated by the
 * {@link FidelityControl}. Task thread only.
 */
final class SessionLoad {
  /** Less log than this says nothing about cost. */
  private static final long MIN_WINDOW_US = 200_000;

  /** So much time for less log is said of a complete session, which may be appended at once. */
  private static final long MOST_SPENT_US = 1_000_000;

  /**
   * An estimate of what is not measured now fades by this much a second, so that it is tried again.
   */
  private static final double FADE_PER_SECOND = 0.998;

  private final double[] demand = new double[Fidelity.values().length];
  private Fidelity fidelity = Fidelity.ALL;
  private FidelityCause cause = FidelityCause.LAG;
  private long changedUs;
  private boolean live;

  private long lastAppendUs;
  private long lastKeyAppendUs;
  private long keyIntervalUs;
  private long lagUs;
  private long windowSpentNs;
  private long windowLogUs;
  private long frameBytes;

  /** Whether late pictures of the session are of no use; before its record is processed. */
  void live(boolean isLive) {
    live = isLive;
  }

  /**
   * A record was processed.
   *
   * @param appendUs when it was appended to the log
   * @param spentNs how long the task was busy with it
   */
  void processed(long appendUs, boolean key, long nowUs, long spentNs) {
    if (lastAppendUs > 0) {
      windowLogUs += Math.max(0, appendUs - lastAppendUs);
    }
    lastAppendUs = appendUs;
    windowSpentNs += spentNs;
    lagUs = Math.max(0, nowUs - appendUs);
    if (key) {
      if (lastKeyAppendUs > 0) {
        keyIntervalUs = Math.max(0, appendUs - lastKeyAppendUs);
      }
      lastKeyAppendUs = appendUs;
    }
  }

  /** Its decoder holds so much of the frame pool; 0 if it has none at present. */
  void holds(long bytes) {
    if (bytes > 0) {
      frameBytes = bytes;
    }
  }

  /** What its decoder needs of the frame pool; 0 if not known. */
  long frameBytes() {
    return frameBytes;
  }

  /** The pool had no room for its decoder beside the others. */
  boolean isWaitingForRoom() {
    return fidelity == Fidelity.KEY && cause == FidelityCause.BUDGET;
  }

  /** Closes the window: what was spent becomes the demand of the present fidelity. */
  void evaluate(double seconds) {
    for (int i = 0; i < demand.length; i++) {
      if (i != fidelity.ordinal()) {
        demand[i] *= Math.pow(FADE_PER_SECOND, seconds);
      }
    }
    boolean appendedAtOnce = !live && windowSpentNs / 1_000 >= MOST_SPENT_US;
    if (windowLogUs >= MIN_WINDOW_US || appendedAtOnce) {
      double measured = windowSpentNs / 1e3 / Math.max(windowLogUs, MIN_WINDOW_US);
      double before = demand[fidelity.ordinal()];
      demand[fidelity.ordinal()] = before == 0 ? measured : (before + measured) / 2;
      windowSpentNs = 0;
      windowLogUs = 0;
    }
  }

  /** Share of the task's time it takes, or would take, to keep up; 0 if not known. */
  double demand(Fidelity at) {
    return demand[at.ordinal()];
  }

  /** The best known fidelity's: what the session would like to have. */
  double fullDemand() {
    for (double known : demand) {
      if (known > 0) {
        return known;
      }
    }
    return 0;
  }

  /** Measured from when the record was appended to when it was processed. */
  long lagUs() {
    return lagUs;
  }

  /** The same; 0 for a session that is not live. */
  long liveLagUs() {
    return live ? lagUs : 0;
  }

  boolean isLive() {
    return live;
  }

  /** The newest key frame of the log is about this far from its end, at most. */
  long keyIntervalUs() {
    return keyIntervalUs;
  }

  Fidelity fidelity() {
    return fidelity;
  }

  FidelityCause cause() {
    return cause;
  }

  long changedUs() {
    return changedUs;
  }

  void change(Fidelity to, FidelityCause why, long nowUs) {
    fidelity = to;
    cause = why;
    changedUs = nowUs;
    windowSpentNs = 0;
    windowLogUs = 0;
  }
}
