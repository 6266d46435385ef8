package dev.flinkvideo.operators.decode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
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
  private static final int VERSION = 1;

  private PrefixCodec() {}

  static byte[] write(List<SentUnit> units) throws IOException {
    int payloadBytes = units.stream().mapToInt(SentUnit::bytes).sum();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payloadBytes + 128 * units.size());
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(VERSION);
    out.writeInt(units.size());
    for (SentUnit unit : units) {
      write(unit.picture(), out);
      out.writeLong(unit.dts());
      byte[] data = new byte[unit.bytes()];
      unit.data().get(unit.data().position(), data);
      out.writeInt(data.length);
      out.write(data);
    }
    return bytes.toByteArray();
  }

  /**
   * @param firstNumber number of the first access unit in it
   * @param isShown whether the picture of the access unit with this number was judged
   * @throws IllegalStateException if a newer version wrote it
   * @throws IOException if it is damaged
   */
  static List<SentUnit> read(byte[] bytes, long firstNumber, LongPredicate isShown)
      throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readByte();
    if (version > VERSION || version < 1) {
      throw new IllegalStateException(
          "prefix state version=%d, this job knows up to %d: restore with the job that wrote it"
              .formatted(version, VERSION));
    }
    List<SentUnit> units = new ArrayList<>();
    int count = in.readInt();
    for (long number = firstNumber; number < firstNumber + count; number++) {
      EncodedPicture picture = readPicture(in);
      long dts = in.readLong();
      int length = in.readInt();
      if (length < 0 || length > in.available()) {
        throw new IOException(
            "prefix state is damaged: an access unit of %d bytes where %d are left"
                .formatted(length, in.available()));
      }
      byte[] data = new byte[length];
      in.readFully(data);
      units.add(new SentUnit(picture, ByteBuffer.wrap(data), dts, isShown.test(number)));
    }
    return units;
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
