package dev.flinkvideo.operators.admission;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * What the first access units of a connection repeat of the connection before it. Single hashes
 * prove little: in a picture that does not move many access units are equal. So the new connection
 * is laid over the old one from each key frame that is equal to its first, the one that arrived
 * nearest in time first, and from there the two must go on alike. What the new one brings before
 * that is too late to be shown as far as it arrived no later than what was shown last; what differs
 * after some that was alike, as far as it stands no later. If nothing is alike, it is another
 * encode, and too late as far as it is not {@link Later surely later}:
 *
 * <pre>
 *   old  K a b c K d e f              K a b         K e f       K a b c d
 *   new          K d e f g h          K a b c d     K e f g     K a   c d e
 *                shown   new          shown   late  shown new   shown     new
 *
 *   old      K c d K e f              K a b c d
 *   new  K b K c d K e f g              M n o p q
 *        late  shown     new            late      new
 * </pre>
 *
 * <p>Pure, so that the same log is admitted alike in every run.
 *
 * @param shown the leading access units of the new connection, as what they were shown before
 */
record Overlap(List<Shown> shown, End end) {
  /** What two time stamps of one picture may be apart: a tick of a millisecond clock each. */
  private static final double SAME_PICTURE_S = 0.002;

  /** What comes after the leading access units. */
  enum End {
    /** Nothing yet: all that came was shown before. */
    OPEN,
    /** All that was shown had come again: what follows is new. */
    COMPLETE,
    /** The two differ: what follows counts as new. */
    PARTED
  }

  /**
   * @param before the connection before, all that is remembered of it
   * @param now the new connection from a key frame on, all that came so far
   * @param maxDelayUs how far apart the same picture may arrive on the two
   * @param slackUs by how much more time one encode may be on its way than another
   */
  static Overlap find(
      List<RecentUnit> before, List<RecentUnit> now, long maxDelayUs, long slackUs) {
    int late = late(now, Later.byArrival(before, maxDelayUs));
    Overlap longest = new Overlap(List.of(), End.PARTED);
    for (int first = 0; first < now.size() && first <= late; first++) {
      for (int start : starts(before, now.get(first), maxDelayUs)) {
        Overlap overlap =
            layOver(before.subList(start, before.size()), now.subList(first, now.size()));
        if (overlap.end != End.PARTED) {
          return overlap.behind(first);
        }
        if (overlap.shown.size() > longest.shown.size()) {
          longest = overlap.behind(first);
        }
      }
    }
    List<Shown> shown = new ArrayList<>(longest.shown);
    int match = lastMatch(shown);
    int until;
    if (shown.isEmpty()) {
      until = late(now, Later.ofAnotherEncode(before, now, maxDelayUs, slackUs));
    } else if (match < 0) {
      until = Math.max(late, shown.size()); // what was alike need not have time stamps
    } else {
      until = notLater(before, now, match, shown.get(match), shown.size());
    }
    shown.addAll(lost(until - shown.size()));
    return new Overlap(shown, until == now.size() ? End.OPEN : End.PARTED);
  }

  /** Index of the newest that was shown, or -1. */
  private static int lastMatch(List<Shown> shown) {
    int match = shown.size() - 1;
    while (match >= 0 && !shown.get(match).hasTime()) {
      match--;
    }
    return match;
  }

  /**
   * How many of the leading access units stand, by the time stamps of one that is in both, no later
   * than what was shown last. One that stands before all that is remembered ends it: its source has
   * begun to count anew, and would be late until it has counted as far as before.
   */
  private static int notLater(
      List<RecentUnit> before, List<RecentUnit> now, int match, Shown matched, int from) {
    DoubleSummaryStatistics remembered =
        before.stream()
            .map(RecentUnit::shown)
            .filter(Shown::hasTime)
            .mapToDouble(Shown::seconds)
            .summaryStatistics();
    double shiftS = matched.seconds() - now.get(match).shown().seconds();
    int until = from;
    while (until < now.size() && isWithin(remembered, now.get(until).shown().seconds() + shiftS)) {
      until++;
    }
    return until;
  }

  private static boolean isWithin(DoubleSummaryStatistics remembered, double standsS) {
    return standsS > remembered.getMin() - SAME_PICTURE_S
        && standsS < remembered.getMax() + SAME_PICTURE_S;
  }

  /** How many of the leading access units are no later than what was shown last. */
  private static int late(List<RecentUnit> now, Later later) {
    int late = 0;
    while (late < now.size() && !later.test(now.get(late))) {
      late++;
    }
    return late;
  }

  private static List<Shown> lost(int units) {
    return Collections.nCopies(units, Shown.LOST);
  }

  /** The same behind so many access units that are too late to be shown. */
  private Overlap behind(int units) {
    List<Shown> all = new ArrayList<>(lost(units));
    all.addAll(shown);
    return new Overlap(all, end);
  }

  /** Where the two may begin to be alike, likeliest first. */
  private static List<Integer> starts(List<RecentUnit> before, RecentUnit key, long maxDelayUs) {
    if (!key.key()) {
      return List.of();
    }
    List<Integer> starts = new ArrayList<>();
    for (int i = before.size() - 1; i >= 0; i--) {
      RecentUnit old = before.get(i);
      if (old.key() && old.isSameAs(key) && delayUs(old, key) <= maxDelayUs) {
        starts.add(i);
      }
    }
    starts.sort(Comparator.comparingLong(i -> delayUs(before.get(i), key)));
    return starts;
  }

  /** 0 where one of them has no arrival time. */
  private static long delayUs(RecentUnit old, RecentUnit now) {
    return old.arrivalUs() == 0 || now.arrivalUs() == 0
        ? 0
        : Math.abs(old.arrivalUs() - now.arrivalUs());
  }

  private static Overlap layOver(List<RecentUnit> before, List<RecentUnit> now) {
    List<Shown> shown = new ArrayList<>();
    int at = 0;
    for (RecentUnit unit : now) {
      if (at == before.size()) {
        return new Overlap(shown, End.COMPLETE);
      }
      int same = next(before, at, unit);
      if (same >= 0) {
        shown.add(before.get(same).shown());
        at = same + 1;
      } else if (before.get(at).key() && !unit.key()) {
        shown.add(Shown.LOST);
      } else {
        return new Overlap(shown, End.PARTED);
      }
    }
    return new Overlap(shown, End.OPEN);
  }

  /** Where the same access unit is, in this group of pictures; those skipped were lost since. */
  private static int next(List<RecentUnit> before, int from, RecentUnit unit) {
    for (int i = from; i < before.size(); i++) {
      if (before.get(i).isSameAs(unit)) {
        return i;
      }
      if (before.get(i).key()) {
        break;
      }
    }
    return -1;
  }
}
