package dev.flinkvideo.operators.admission;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of an access unit that was admitted, to recognise it when another connection
 * brings it again. Those of one segment lie together in keyed state, versioned by hand.
 *
 * @param contentHash 0 where the producer gave none: equal to nothing
 * @param shown its time stamp
 * @param arrivalUs when its segment arrived, 0 where the producer did not stamp it
 */
record RecentUnit(long contentHash, boolean key, Shown shown, long arrivalUs) {
  private static final int VERSION = 1;

  boolean isSameAs(RecentUnit other) {
    return contentHash != 0 && contentHash == other.contentHash && key == other.key;
  }

  static List<RecentUnit> of(Segment segment) {
    List<RecentUnit> units = new ArrayList<>(segment.getAccessUnitsCount());
    for (AccessUnit unit : segment.getAccessUnitsList()) {
      Shown shown =
          new Shown(
              unit.hasPts() ? unit.getPts() : EncodedUnit.NO_TIME,
              segment.getTimeBaseNumerator(),
              segment.getTimeBaseDenominator());
      units.add(
          new RecentUnit(unit.getContentHash(), unit.getKey(), shown, segment.getArrivalTimeUs()));
    }
    return units;
  }

  /**
   * @param units of one segment
   */
  static byte[] write(List<RecentUnit> units) {
    RecentUnit first = units.get(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 + 17 * units.size());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(first.shown.timeBaseNumerator());
      out.writeInt(first.shown.timeBaseDenominator());
      out.writeLong(first.arrivalUs);
      out.writeInt(units.size());
      for (RecentUnit unit : units) {
        out.writeLong(unit.contentHash);
        out.writeBoolean(unit.key);
        out.writeLong(unit.shown.pts());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalStateException if a newer version wrote it
   */
  static List<RecentUnit> read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version > VERSION) {
        throw new IllegalStateException(
            "recent access units version=%d, this job knows up to %d: restore with the newer job"
                .formatted(version, VERSION));
      }
      int numerator = in.readInt();
      int denominator = in.readInt();
      long arrivalUs = in.readLong();
      int count = in.readInt();
      List<RecentUnit> units = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        long contentHash = in.readLong();
        boolean key = in.readBoolean();
        Shown shown = new Shown(in.readLong(), numerator, denominator);
        units.add(new RecentUnit(contentHash, key, shown, arrivalUs));
      }
      return units;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
