package dev.flinkvideo.operators.admission;

import java.util.List;
import java.util.OptionalLong;
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
   * @param now the new connection, all that came so far
   * @param maxDelayUs one that is earlier by more is by another clock, and later
   * @param slackUs by how much more time one may be on its way than the other
   */
  static Later ofAnotherEncode(
      List<RecentUnit> before, List<RecentUnit> now, long maxDelayUs, long slackUs) {
    Later arrived =
        by(
            RecentUnit::segmentArrivalUs,
            latestUs(before, RecentUnit::segmentArrivalUs),
            maxDelayUs,
            0);
    Later due = by(dueUs(now), latestUs(before, dueUs(before)), maxDelayUs, slackUs);
    if (before.isEmpty() || before.get(before.size() - 1).captureUs() == 0) {
      return unit -> arrived.test(unit) && due.test(unit);
    }
    long lastUs = latestUs(before, RecentUnit::captureUs);
    Later taken = by(RecentUnit::captureUs, lastUs, maxDelayUs, CLOCKS_DIFFER_US);
    return unit -> unit.captureUs() == 0 ? arrived.test(unit) && due.test(unit) : taken.test(unit);
  }

  static Later byArrival(List<RecentUnit> before, long maxDelayUs) {
    return by(RecentUnit::arrivalUs, latestUs(before, RecentUnit::arrivalUs), maxDelayUs, 0);
  }

  /**
   * When one would have arrived if nothing had held it up: a way that stood still gives all at
   * once, and what came with it is not of one time.
   */
  private static ToLongFunction<RecentUnit> dueUs(List<RecentUnit> connection) {
    OptionalLong shortestUs =
        connection.stream().filter(Later::isTimed).mapToLong(Later::underWayUs).min();
    return unit ->
        isTimed(unit) && shortestUs.isPresent()
            ? unit.arrivalUs() - (underWayUs(unit) - shortestUs.getAsLong())
            : unit.arrivalUs();
  }

  private static boolean isTimed(RecentUnit unit) {
    return unit.arrivalUs() != 0 && unit.shown().hasTime();
  }

  /** And something that is the same for all of a connection. */
  private static long underWayUs(RecentUnit unit) {
    return unit.arrivalUs() - Math.round(unit.shown().seconds() * 1e6);
  }

  private static long latestUs(List<RecentUnit> units, ToLongFunction<RecentUnit> timeUs) {
    return units.stream().mapToLong(timeUs).max().orElse(0);
  }

  private static Later by(
      ToLongFunction<RecentUnit> timeUs, long lastUs, long maxDelayUs, long slackUs) {
    return unit -> {
      long laterUs = timeUs.applyAsLong(unit) - lastUs;
      return timeUs.applyAsLong(unit) == 0 || laterUs > slackUs || laterUs < -maxDelayUs;
    };
  }
}
