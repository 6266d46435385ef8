package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of an access unit that was admitted, to recognise it when another connection
 * brings it again. Those of one segment lie together in keyed state, versioned by hand.
 *
 * @param contentHash 0 where the producer gave none: equal to nothing
 * @param shown its time stamp
 * @param arrivalUs when it arrived, told by its time stamp from when its segment did; 0 where the
 *     producer did not stamp that
 */
record RecentUnit(long contentHash, boolean key, Shown shown, long arrivalUs) {
  /** A segment is a tenth of that; a time stamp beyond is wrong. */
  private static final double MAX_SEGMENT_US = 1_000_000;

  private static final StateFormat FORMAT = new StateFormat("state of recent access units", 1);

  boolean isSameAs(RecentUnit other) {
    return contentHash != 0 && contentHash == other.contentHash && key == other.key;
  }

  static List<RecentUnit> of(Segment segment) {
    List<RecentUnit> units = new ArrayList<>(segment.getAccessUnitsCount());
    long arrivalUs = segment.getArrivalTimeUs();
    for (AccessUnit unit : segment.getAccessUnitsList()) {
      Shown shown =
          new Shown(
              unit.hasPts() ? unit.getPts() : EncodedUnit.NO_TIME,
              segment.getTimeBaseNumerator(),
              segment.getTimeBaseDenominator());
      units.add(new RecentUnit(unit.getContentHash(), unit.getKey(), shown, arrivalUs));
    }
    return arrivedInTurn(units);
  }

  /** A segment has one arrival time, that of its first access unit; the others came after it. */
  private static List<RecentUnit> arrivedInTurn(List<RecentUnit> units) {
    RecentUnit first = units.get(0);
    return units.stream().map(unit -> unit.arrivedAfter(first)).toList();
  }

  private RecentUnit arrivedAfter(RecentUnit first) {
    if (arrivalUs == 0 || !shown.hasTime() || !first.shown.hasTime()) {
      return this;
    }
    double ticks = (double) shown.pts() - first.shown.pts();
    double us = ticks * shown.timeBaseNumerator() / shown.timeBaseDenominator() * 1e6;
    long laterUs = (long) Math.max(0, Math.min(us, MAX_SEGMENT_US));
    return new RecentUnit(contentHash, key, shown, arrivalUs + laterUs);
  }

  /**
   * @param units of one segment
   */
  static byte[] write(List<RecentUnit> units) {
    RecentUnit first = units.get(0);
    return FORMAT.write(
        32 + 17 * units.size(),
        out -> {
          out.writeInt(first.shown.timeBaseNumerator());
          out.writeInt(first.shown.timeBaseDenominator());
          out.writeLong(first.arrivalUs);
          out.writeInt(units.size());
          for (RecentUnit unit : units) {
            out.writeLong(unit.contentHash);
            out.writeBoolean(unit.key);
            out.writeLong(unit.shown.pts());
          }
        });
  }

  /**
   * @throws UnreadableStateException if another version wrote it, or it is damaged
   */
  static List<RecentUnit> read(byte[] bytes) {
    return FORMAT.read(
        bytes,
        (in, version) -> {
          int numerator = in.readInt();
          int denominator = in.readInt();
          long arrivalUs = in.readLong();
          List<RecentUnit> units = new ArrayList<>();
          for (int left = StateFormat.readCount(in); left > 0; left--) {
            long contentHash = in.readLong();
            boolean key = in.readBoolean();
            Shown shown = new Shown(in.readLong(), numerator, denominator);
            units.add(new RecentUnit(contentHash, key, shown, arrivalUs));
          }
          return arrivedInTurn(units);
        });
  }
}
