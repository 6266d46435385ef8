package dev.flinkvideo.operators.decode;

/**
 * Bounds how often decoders are closed to make room for others, for each costs decoding its prefix
 * again: with more sessions at work than the pool can carry, every segment would. A token bucket of
 * one second. Task thread only.
 */
final class SuspensionGuard {
  private final double perUs;
  private final double burst;
  private double tokens;
  private long lastUs;

  SuspensionGuard(int perSecond) {
    this.perUs = perSecond / 1e6;
    this.burst = perSecond;
    this.tokens = burst;
  }

  /** Whether another decoder may be closed now. */
  boolean tryAcquire(long nowUs) {
    tokens = Math.min(burst, tokens + Math.max(0, nowUs - lastUs) * perUs);
    lastUs = nowUs;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
