package dev.flinkvideo.operators.timeline;

/**
 * Exact conversion of time stamps to nanoseconds: the error is at most half a nanosecond.
 * Stateless.
 */
public final class TimeBase {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private TimeBase() {}

  /**
   * @param numerator above 0, with {@code denominator} the unit of {@code ticks} in seconds
   * @throws ArithmeticException if the result leaves 64 bits (292 years)
   */
  public static long toNs(long ticks, int numerator, int denominator) {
    long units = Math.multiplyExact(ticks, (long) numerator);
    long seconds = Math.floorDiv(units, (long) denominator);
    long rest =
        Math.floorMod(units, (long) denominator); // below 2^31, so rest * 10^9 fits into 62 bits
    long restNs = (rest * NS_PER_SECOND + denominator / 2) / denominator;
    return Math.addExact(Math.multiplyExact(seconds, NS_PER_SECOND), restNs);
  }
}
