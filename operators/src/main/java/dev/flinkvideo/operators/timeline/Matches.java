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
final class Matches {
  private int count;
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
    ExactNs least = count == 0 || difference.compareTo(smallest) < 0 ? difference : smallest;
    ExactNs most = count == 0 || difference.compareTo(largest) > 0 ? difference : largest;
    boolean contradiction = count > 0 && most.minus(least).compareTo(ticks) > 0;
    sinceNs = contradiction || count == 0 ? session.roundedNs() : sinceNs;
    count = contradiction ? 1 : count + 1;
    smallest = contradiction ? difference : least;
    largest = contradiction ? difference : most;
    roundings = ticks;
  }

  int count() {
    return count;
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
    out.writeInt(count);
    if (count > 0) {
      out.writeLong(sinceNs);
      smallest.write(out);
      largest.write(out);
      roundings.write(out);
    }
  }

  static Matches read(DataInput in) throws IOException {
    Matches matches = new Matches();
    matches.count = in.readInt();
    if (matches.count > 0) {
      matches.sinceNs = in.readLong();
      matches.smallest = ExactNs.read(in);
      matches.largest = ExactNs.read(in);
      matches.roundings = ExactNs.read(in);
    }
    return matches;
  }
}
