package dev.flinkvideo.operators.session;

import java.util.Arrays;

/**
 * How long a source is left alone for what it did: longer with each failure in a row, and for a
 * good while once it broke too often. Part of a {@link TrackedSource}; changed within a step only.
 * Times are ms since 1970, 0 for never.
 */
final class Penalty {
  /** In a row. */
  int failures;

  /** When it may be tried again. */
  long retryMs;

  /** When it broke, within the window; replaced, never written into. */
  long[] flapsMs = {};

  long quarantinedUntilMs;

  boolean isWaiting(long nowMs) {
    return nowMs < retryMs;
  }

  boolean isQuarantined(long nowMs) {
    return nowMs < quarantinedUntilMs;
  }

  /** It delivered for long enough: the next failure is the first. */
  void forgiveFailures() {
    failures = 0;
  }

  /** It may be tried at once. */
  void endWait() {
    retryMs = 0;
  }

  /**
   * It waits one step longer than before.
   *
   * @param lasting it will fail for some time: the longest wait
   */
  void fail(String session, String source, boolean lasting, Backoff backoff, long nowMs) {
    failures++;
    int step = lasting ? Math.max(failures, backoff.stepsToMax()) : failures;
    retryMs = nowMs + backoff.waitMs(session, source, step);
  }

  /** It broke; says whether that was once too often, so that it is in quarantine now. */
  boolean flap(SessionPolicy policy, long nowMs) {
    long fromMs = nowMs - policy.quarantineWindowMs();
    long[] recent = Arrays.stream(flapsMs).filter(flapMs -> flapMs > fromMs).toArray();
    if (recent.length + 1 < policy.quarantineFlaps()) {
      flapsMs = Arrays.copyOf(recent, recent.length + 1);
      flapsMs[recent.length] = nowMs;
      return false;
    }
    flapsMs = new long[0];
    quarantinedUntilMs = nowMs + policy.quarantineMs();
    return true;
  }

  Penalty copy() {
    Penalty copy = new Penalty();
    copy.failures = failures;
    copy.retryMs = retryMs;
    copy.flapsMs = flapsMs;
    copy.quarantinedUntilMs = quarantinedUntilMs;
    return copy;
  }
}
