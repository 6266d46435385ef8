package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Access units as they lie in keyed state, versioned by hand. Whether a unit was shown is not here
 * but in the session's small state: it changes, and what is here is written once. Stateless.
 */
final class PrefixCodec {
  private static final StateFormat FORMAT = new StateFormat("prefix state", 1);

  private PrefixCodec() {}

  static byte[] write(List<SentUnit> units) {
    int payloadBytes = units.stream().mapToInt(SentUnit::bytes).sum();
    return FORMAT.write(
        payloadBytes + 128 * units.size(),
        out -> {
          out.writeInt(units.size());
          for (SentUnit unit : units) {
            write(unit.picture(), out);
            out.writeLong(unit.dts());
            byte[] data = new byte[unit.bytes()];
            unit.data().get(unit.data().position(), data);
            StateFormat.writeBytes(data, out);
          }
        });
  }

  /**
   * @param firstNumber number of the first access unit in it
   * @param isShown whether the picture of the access unit with this number was judged
   * @throws UnreadableStateException if another version wrote it, or it is damaged
   */
  static List<SentUnit> read(byte[] bytes, long firstNumber, LongPredicate isShown) {
    return FORMAT.read(
        bytes,
        (in, version) -> {
          List<SentUnit> units = new ArrayList<>();
          int count = StateFormat.readCount(in);
          for (long number = firstNumber; number < firstNumber + count; number++) {
            EncodedPicture picture = readPicture(in);
            long dts = in.readLong();
            ByteBuffer data = ByteBuffer.wrap(StateFormat.readBytes(in));
            units.add(new SentUnit(picture, data, dts, isShown.test(number)));
          }
          return units;
        });
  }

  static void write(EncodedPicture picture, DataOutput out) throws IOException {
    out.writeUTF(picture.source());
    out.writeLong(picture.epoch());
    out.writeLong(picture.openedAtMs());
    out.writeLong(picture.sequence());
    out.writeInt(picture.frame());
    out.writeBoolean(picture.key());
    out.writeLong(picture.pts());
    out.writeLong(picture.arrivalUs());
    out.writeLong(picture.appendUs());
    out.writeLong(picture.fetchUs());
    out.writeLong(picture.decodeStartUs());
  }

  static EncodedPicture readPicture(DataInput in) throws IOException {
    return new EncodedPicture(
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readBoolean(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }
}
