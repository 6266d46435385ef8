package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.CaptureTimes;
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
 * @param captureUs when it was taken, told likewise; 0 where its source does not say, or by a clock
 *     that cannot be compared
 * @param segmentArrivalUs when its segment's first access unit arrived; it itself came no sooner,
 *     and in a burst hardly later
 */
record RecentUnit(
    long contentHash,
    boolean key,
    Shown shown,
    long arrivalUs,
    long captureUs,
    long segmentArrivalUs) {
  /** A segment is a tenth of that; a time stamp beyond is wrong. */
  private static final double MAX_SEGMENT_US = 1_000_000;

  private static final StateFormat FORMAT = new StateFormat("state of recent access units", 2);

  /** One with a segment of its own. */
  RecentUnit(long contentHash, boolean key, Shown shown, long arrivalUs, long captureUs) {
    this(contentHash, key, shown, arrivalUs, captureUs, arrivalUs);
  }

  boolean isSameAs(RecentUnit other) {
    return contentHash != 0 && contentHash == other.contentHash && key == other.key;
  }

  static List<RecentUnit> of(Segment segment) {
    List<RecentUnit> units = new ArrayList<>(segment.getAccessUnitsCount());
    long arrivalUs = segment.getArrivalTimeUs();
    long captureUs = CaptureTimes.ofFirst(segment).orElse(0) / 1_000;
    for (AccessUnit unit : segment.getAccessUnitsList()) {
      Shown shown =
          new Shown(
              unit.hasPts() ? unit.getPts() : EncodedUnit.NO_TIME,
              segment.getTimeBaseNumerator(),
              segment.getTimeBaseDenominator());
      units.add(new RecentUnit(unit.getContentHash(), unit.getKey(), shown, arrivalUs, captureUs));
    }
    return inTurn(units);
  }

  /**
   * A segment says when its first access unit arrived, and when it was taken; the others came after
   * it.
   */
  private static List<RecentUnit> inTurn(List<RecentUnit> units) {
    RecentUnit first = units.get(0);
    return units.stream().map(unit -> unit.after(first)).toList();
  }

  private RecentUnit after(RecentUnit first) {
    if (!shown.hasTime() || !first.shown.hasTime()) {
      return this;
    }
    double ticks = (double) shown.pts() - first.shown.pts();
    double us = ticks * shown.timeBaseNumerator() / shown.timeBaseDenominator() * 1e6;
    long laterUs = (long) Math.max(0, Math.min(us, MAX_SEGMENT_US));
    return new RecentUnit(
        contentHash,
        key,
        shown,
        arrivalUs == 0 ? 0 : arrivalUs + laterUs,
        captureUs == 0 ? 0 : captureUs + laterUs,
        arrivalUs);
  }

  /**
   * @param units of one segment
   */
  static byte[] write(List<RecentUnit> units) {
    RecentUnit first = units.get(0);
    return FORMAT.write(
        40 + 17 * units.size(),
        out -> {
          out.writeInt(first.shown.timeBaseNumerator());
          out.writeInt(first.shown.timeBaseDenominator());
          out.writeLong(first.arrivalUs);
          out.writeLong(first.captureUs);
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
          long captureUs = version < 2 ? 0 : in.readLong();
          List<RecentUnit> units = new ArrayList<>();
          for (int left = StateFormat.readCount(in); left > 0; left--) {
            long contentHash = in.readLong();
            boolean key = in.readBoolean();
            Shown shown = new Shown(in.readLong(), numerator, denominator);
            units.add(new RecentUnit(contentHash, key, shown, arrivalUs, captureUs));
          }
          return inTurn(units);
        });
  }
}
