package dev.flinkvideo.operators.timeline;

/**
 * The unit of a source's time stamps in seconds, a fraction.
 *
 * @param numerator above 0
 * @param denominator above 0
 */
public record TimeBase(int numerator, int denominator) {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  public TimeBase {
    if (numerator <= 0 || denominator <= 0) {
      throw new IllegalArgumentException(
          "time base %d/%d is none: both must be above 0".formatted(numerator, denominator));
    }
  }

  /**
   * Time stamps to nanoseconds; the error is at most half a nanosecond.
   *
   * @throws ArithmeticException if the result leaves 64 bits (292 years)
   */
  public static long toNs(long ticks, int numerator, int denominator) {
    return new TimeBase(numerator, denominator).exactNs(ticks).roundedNs();
  }

  ExactNs exactNs(long ticks) {
    long whole = Math.floorDiv(ticks, (long) denominator);
    long units = Math.floorMod(ticks, (long) denominator) * numerator; // below 2^62
    long seconds = Math.addExact(Math.multiplyExact(whole, (long) numerator), units / denominator);
    long rest = units % denominator * NS_PER_SECOND; // below 2^61
    return ExactNs.of(Math.multiplyExact(seconds, NS_PER_SECOND), rest, denominator);
  }
}
