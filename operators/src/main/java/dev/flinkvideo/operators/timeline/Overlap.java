package dev.flinkvideo.operators.timeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Access units that both an old and a new connection carry. Each gives the difference between
 * session time and the new source's time, wrong by the rounding of both stamps to ticks. All true
 * differences are one, so the middle of the smallest and the largest is off by no more than
 *
 * <pre>
 *   half an old tick + half a new tick - (largest - smallest) / 2
 * </pre>
 */
final class Overlap {
  private int matches;
  private long sinceNs;
  private ExactNs smallest = ExactNs.ZERO;
  private ExactNs largest = ExactNs.ZERO;
  private ExactNs roundings = ExactNs.ZERO;

  /**
   * One more match. If it contradicts those before (the new source's clock jumped or wrapped around
   * in between), it stands alone.
   *
   * @param session where the picture stands on the session's axis
   * @param source its time by the new source
   */
  void add(ExactNs session, TimeBase shownBase, ExactNs source, TimeBase base) {
    ExactNs difference = session.minus(source);
    ExactNs ticks = shownBase.exactNs(1).plus(base.exactNs(1));
    ExactNs least = matches == 0 || difference.compareTo(smallest) < 0 ? difference : smallest;
    ExactNs most = matches == 0 || difference.compareTo(largest) > 0 ? difference : largest;
    boolean contradiction = matches > 0 && most.minus(least).compareTo(ticks) > 0;
    sinceNs = contradiction || matches == 0 ? session.roundedNs() : sinceNs;
    matches = contradiction ? 1 : matches + 1;
    smallest = contradiction ? difference : least;
    largest = contradiction ? difference : most;
    roundings = ticks;
  }

  int matches() {
    return matches;
  }

  /** Where the first of them stands on the session's axis. */
  long sinceNs() {
    return sinceNs;
  }

  ExactNs offset() {
    return smallest.plus(largest).half();
  }

  long uncertaintyNs() {
    return roundings.minus(largest.minus(smallest)).half().roundedNs();
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(matches);
    if (matches > 0) {
      out.writeLong(sinceNs);
      smallest.write(out);
      largest.write(out);
      roundings.write(out);
    }
  }

  static Overlap read(DataInput in) throws IOException {
    Overlap overlap = new Overlap();
    overlap.matches = in.readInt();
    if (overlap.matches > 0) {
      overlap.sinceNs = in.readLong();
      overlap.smallest = ExactNs.read(in);
      overlap.largest = ExactNs.read(in);
      overlap.roundings = ExactNs.read(in);
    }
    return overlap;
  }
}
