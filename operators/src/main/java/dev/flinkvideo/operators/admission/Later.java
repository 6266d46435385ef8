package dev.flinkvideo.operators.admission;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Whether an access unit of a new connection shows a later time than all that was shown. Where the
 * sources say when pictures were taken, that tells; else only when they arrived does, and one way
 * may take longer than another:
 *
 * <pre>
 *   old   a b c d |                  shown
 *   new       a b c d e f g h        arrives two pictures later
 *                 |-- slack --|      not surely later: decoded, and not shown
 *                             i j
 * </pre>
 *
 * <p>Immutable.
 */
@FunctionalInterface
interface Later extends Predicate<RecentUnit> {
  /** How far the clocks of two sources may differ. */
  long CLOCKS_DIFFER_US = 20_000;

  /**
   * By when they were taken, if both connections say so; else by when they arrived.
   *
   * @param before the connection before, all that is remembered of it
   * @param maxDelayUs one that is earlier by more is by another clock, and later
   * @param slackUs by how much more time one may be on its way than the other
   */
  static Later ofAnotherEncode(List<RecentUnit> before, long maxDelayUs, long slackUs) {
    Later byArrival = byArrival(before, maxDelayUs, slackUs);
    if (before.isEmpty() || before.get(before.size() - 1).captureUs() == 0) {
      return byArrival;
    }
    Later byCapture = by(RecentUnit::captureUs, before, maxDelayUs, CLOCKS_DIFFER_US);
    return unit -> unit.captureUs() == 0 ? byArrival.test(unit) : byCapture.test(unit);
  }

  static Later byArrival(List<RecentUnit> before, long maxDelayUs, long slackUs) {
    return by(RecentUnit::arrivalUs, before, maxDelayUs, slackUs);
  }

  private static Later by(
      ToLongFunction<RecentUnit> timeUs, List<RecentUnit> before, long maxDelayUs, long slackUs) {
    long lastUs = before.stream().mapToLong(timeUs).max().orElse(0);
    return unit -> {
      long laterUs = timeUs.applyAsLong(unit) - lastUs;
      return timeUs.applyAsLong(unit) == 0 || laterUs > slackUs || laterUs < -maxDelayUs;
    };
  }
}
