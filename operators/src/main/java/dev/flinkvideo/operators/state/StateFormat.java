package dev.flinkvideo.operators.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How one part of keyed state is versioned: it begins with a byte that says which version wrote it;
 * this job reads all versions from 1 to its own. Stateless; any thread.
 *
 * @param name what people call it, in messages
 * @param version the one that this job writes
 */
public record StateFormat(String name, int version) {
  /** Writes what comes after the version. */
  @FunctionalInterface
  public interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  /** Reads what a version wrote after it. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(DataInputStream in, int version) throws IOException;
  }

  /** A value of its own in state. */
  public byte[] write(int expectedBytes, Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(expectedBytes);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeVersion(out);
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads all of what {@link #write} gave.
   *
   * @throws UnreadableStateException if another version wrote it, or it is damaged
   */
  public <T> T read(byte[] bytes, Reader<T> reader) {
    ByteArrayInputStream left = new ByteArrayInputStream(bytes);
    try (DataInputStream in = new DataInputStream(left)) {
      T value = reader.read(in, readVersion(in));
      if (left.available() > 0) {
        throw new IOException("more follows it");
      }
      return value;
    } catch (UnreadableStateException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new UnreadableStateException(
          "%s is damaged, %s at byte %d of %d: restore from an older checkpoint or savepoint"
              .formatted(name, what(e), bytes.length - left.available(), bytes.length),
          e);
    }
  }

  /** Begins a part of a value. */
  public void writeVersion(DataOutput out) throws IOException {
    out.writeByte(version);
  }

  /**
   * Which version wrote the part of a value that follows.
   *
   * @throws UnreadableStateException if it is none that this job knows
   */
  public int readVersion(DataInput in) throws IOException {
    int found = in.readByte();
    if (found < 1 || found > version) {
      throw new UnreadableStateException(
          "%s has version=%d, this job knows 1 to %d: restore it with the job that wrote it, or start from a savepoint"
                  .formatted(name, found, version)
              + " of this one",
          null);
    }
    return found;
  }

  public static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** What {@link #writeBytes} wrote; takes no memory for a length that lies. */
  public static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("%d bytes claimed where %d are left".formatted(length, in.available()));
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** How many entries follow. */
  public static int readCount(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0) {
      throw new IOException("%d entries claimed".formatted(count));
    }
    return count;
  }

  private static String what(Exception damage) {
    if (damage instanceof EOFException) {
      return "it ends";
    }
    return damage.getMessage() == null ? damage.getClass().getSimpleName() : damage.getMessage();
  }
}
