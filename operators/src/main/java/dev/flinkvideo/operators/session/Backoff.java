package dev.flinkvideo.operators.session;

import java.io.Serializable;

/**
 * How long to wait before the next attempt at a source. The jitter is derived from what is tried
 * and how often it failed, so that a thousand sessions do not call one server in one moment and yet
 * every run waits the same.
 *
 * @param jitter share by which a wait is made shorter or longer
 */
public record Backoff(long initialMs, double factor, long maxMs, double jitter)
    implements Serializable {

  /**
   * @param failures in a row, from 1
   */
  public long waitMs(String session, String source, int failures) {
    double plainMs = Math.min(maxMs, initialMs * Math.pow(factor, failures - 1.0));
    long seed = (31L * session.hashCode() + source.hashCode()) * 31 + failures;
    double share = 2.0 * (mix(seed) >>> 11) / (1L << 53) - 1; // -1 to 1
    return Math.max(1, Math.round(plainMs * (1 + jitter * share)));
  }

  /** Waits that pass until they stop to grow. */
  int stepsToMax() {
    if (factor <= 1 || maxMs <= initialMs) {
      return 1;
    }
    return 1 + (int) Math.ceil(Math.log((double) maxMs / initialMs) / Math.log(factor));
  }

  /** The least that a wait can be once it no longer grows. */
  long shortestLongWaitMs() {
    double longestMs = factor <= 1 ? Math.min(initialMs, maxMs) : maxMs;
    return Math.max(1, Math.round(longestMs * (1 - jitter)));
  }

  /** Finalizer of SplitMix64: neighbouring seeds give unrelated numbers. */
  private static long mix(long seed) {
    long z = seed + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
