package dev.flinkvideo.operators.timeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Nanoseconds as an exact fraction: {@code wholeNs + numerator / denominator}, in lowest terms. So
 * sums of times in different time bases do not gather rounding errors. Where the exact denominator
 * of a sum would not fit (time bases with large prime factors, several of them in one session), the
 * fraction is rounded to 2^-30 ns.
 *
 * @param numerator from 0 up to, not including, {@code denominator}
 */
record ExactNs(long wholeNs, int numerator, int denominator) implements Comparable<ExactNs> {
  static final ExactNs ZERO = new ExactNs(0, 0, 1);

  private static final int FINEST = 1 << 30;

  static ExactNs ofNs(long ns) {
    return new ExactNs(ns, 0, 1);
  }

  /**
   * @param numerator of any size and sign
   * @throws ArithmeticException if it leaves 64 bits (292 years), as from all methods below
   */
  static ExactNs of(long wholeNs, long numerator, long denominator) {
    long ns = Math.addExact(wholeNs, Math.floorDiv(numerator, denominator));
    long rest = Math.floorMod(numerator, denominator);
    long common = greatestCommonDivisor(denominator, rest);
    long lowest = denominator / common;
    if (lowest <= Integer.MAX_VALUE) {
      return new ExactNs(ns, (int) (rest / common), (int) lowest);
    }
    return of(ns, Math.round((double) rest / denominator * FINEST), FINEST);
  }

  ExactNs plus(ExactNs other) {
    long common = greatestCommonDivisor(denominator, other.denominator);
    long factor = other.denominator / common;
    long otherFactor = denominator / common;
    return of(
        Math.addExact(wholeNs, other.wholeNs),
        numerator * factor + other.numerator * otherFactor,
        denominator * factor);
  }

  ExactNs minus(ExactNs other) {
    return plus(of(Math.negateExact(other.wholeNs), -other.numerator, other.denominator));
  }

  ExactNs half() {
    long odd = Math.floorMod(wholeNs, 2);
    return of(Math.floorDiv(wholeNs, 2), numerator + odd * denominator, 2L * denominator);
  }

  /** The nearest whole nanosecond. */
  long roundedNs() {
    return 2L * numerator >= denominator ? Math.addExact(wholeNs, 1) : wholeNs;
  }

  @Override
  public int compareTo(ExactNs other) {
    int byWhole = Long.compare(wholeNs, other.wholeNs);
    return byWhole != 0
        ? byWhole
        : Long.compare((long) numerator * other.denominator, (long) other.numerator * denominator);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(wholeNs);
    out.writeInt(numerator);
    out.writeInt(denominator);
  }

  static ExactNs read(DataInput in) throws IOException {
    return new ExactNs(in.readLong(), in.readInt(), in.readInt());
  }

  private static long greatestCommonDivisor(long a, long b) {
    long greater = a;
    long lesser = b;
    while (lesser != 0) {
      long rest = greater % lesser;
      greater = lesser;
      lesser = rest;
    }
    return greater;
  }
}
