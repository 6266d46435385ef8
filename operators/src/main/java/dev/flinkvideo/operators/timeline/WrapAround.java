package dev.flinkvideo.operators.timeline;

import java.util.function.LongPredicate;

/** Undoes the wrap-around of counters that have fewer bits than a long. Stateless. */
final class WrapAround {
  /** MPEG-TS (90 kHz), then RTP (90 kHz) and RTMP (1 kHz). */
  private static final int[] COUNTER_BITS = {33, 32};

  /** A counter that wraps around sooner cannot be told from a jump, and no protocol has one. */
  private static final long MIN_PERIOD_NS = 3_600_000_000_000L;

  private WrapAround() {}

  /**
   * The offset itself, or one period of a counter before or behind it, with which a source's time
   * is where it should be; else null.
   */
  static ExactNs without(ExactNs offset, ExactNs source, TimeBase base, LongPredicate fits) {
    if (fits.test(offset.plus(source).roundedNs())) {
      return offset;
    }
    for (int bits : COUNTER_BITS) {
      ExactNs period = base.exactNs(1L << bits);
      if (period.wholeNs() < MIN_PERIOD_NS) {
        continue;
      }
      for (ExactNs moved : new ExactNs[] {offset.plus(period), offset.minus(period)}) {
        if (fits.test(moved.plus(source).roundedNs())) {
          return moved;
        }
      }
    }
    return null;
  }
}
