package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * A session's decoder in keyed state: a small value, written anew by each checkpoint in which the
 * session moved, and its prefix in chunks, each written once.
 *
 * <pre>
 *   value    version | stream format | numbers of the prefix, which are unshown | time line | judge | ... | fidelity
 *   map      number of a chunk's first access unit -> the access units, about one checkpoint's worth
 * </pre>
 *
 * <p>Raw bytes, versioned by hand. Task thread only; the session must be the current key.
 */
final class SessionState {
  private static final StateFormat FORMAT = new StateFormat("decoder state", 2);

  /** What the small value takes while a picture stands still: two sampled pictures. */
  private static final int EXPECTED_BYTES = 100 << 10;

  private static final String SMALL = "session";

  private final KeyedStateBackend<String> backend;
  private final ValueState<byte[]> small;
  private final MapState<Long, byte[]> chunks;

  SessionState(KeyedStateBackend<String> backend) throws Exception {
    this.backend = backend;
    small =
        backend.getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>(
                SMALL, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    chunks =
        backend.getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new MapStateDescriptor<>(
                "prefix", Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  /** Where the chunks of one session's prefix begin and end, as they lie in state. */
  static final class Written {
    private final TreeMap<Long, Long> endByStart = new TreeMap<>();

    private long end() {
      return endByStart.isEmpty() ? Long.MIN_VALUE : endByStart.lastEntry().getValue();
    }
  }

  /** Brings state up to where the session stands. */
  void write(SessionDecoder session, Written written) throws Exception {
    writeChunks(session.stream().decoder().prefix(), written);
    small.update(small(session));
  }

  /** Everything but the prefix. */
  private static byte[] small(SessionDecoder session) {
    return FORMAT.write(
        EXPECTED_BYTES,
        out -> {
          writeStream(session.stream().decoder(), out);
          session.reporter().write(out);
          List<Segment> parts = session.parts().pending();
          out.writeInt(parts.size());
          for (Segment part : parts) {
            StateFormat.writeBytes(Segments.write(part), out);
          }
          out.writeInt(session.heldBack().size());
          for (long pts : session.heldBack()) {
            out.writeLong(pts);
          }
          session.stream().selection().write(out);
        });
  }

  /**
   * Puts a new session where it stood at the checkpoint; false if state has nothing of it.
   *
   * @throws UnreadableStateException if another version wrote it, or it is damaged
   */
  boolean read(SessionDecoder session, Written written) throws Exception {
    byte[] bytes = small.value();
    if (bytes == null) {
      return false;
    }
    TreeMap<Long, byte[]> stored = new TreeMap<>();
    for (Map.Entry<Long, byte[]> chunk : chunks.entries()) {
      stored.put(chunk.getKey(), chunk.getValue());
    }
    return FORMAT.read(
        bytes,
        (in, version) -> {
          readStream(session.stream().decoder(), stored, written, in);
          session.reporter().read(in);
          for (int left = StateFormat.readCount(in); left > 0; left--) {
            session.parts().add(part(StateFormat.readBytes(in)));
          }
          Set<Long> heldBack = new HashSet<>();
          for (int left = StateFormat.readCount(in); left > 0; left--) {
            heldBack.add(in.readLong());
          }
          session.heldBack(heldBack);
          if (version >= 2) {
            session.stream().selection().read(in);
          }
          return true;
        });
  }

  /** All sessions that state has something of. */
  List<String> sessions() {
    try (Stream<String> keys = backend.getKeys(SMALL, VoidNamespace.INSTANCE)) {
      return keys.toList();
    }
  }

  void clear() throws Exception {
    small.clear();
    chunks.clear();
  }

  private void writeChunks(Prefix prefix, Written written) throws Exception {
    long first = prefix.isComplete() ? prefix.firstNumber() : prefix.nextNumber();
    while (!written.endByStart.isEmpty() && written.endByStart.firstEntry().getValue() <= first) {
      chunks.remove(written.endByStart.pollFirstEntry().getKey());
    }
    long from = Math.max(first, written.end());
    long to = prefix.nextNumber();
    if (from < to) {
      List<SentUnit> units = prefix.units();
      int offset = (int) (from - prefix.firstNumber());
      chunks.put(from, PrefixCodec.write(units.subList(offset, units.size())));
      written.endByStart.put(from, to);
    }
  }

  private static void writeStream(ResumableDecoder stream, DataOutputStream out)
      throws IOException {
    Prefix prefix = stream.prefix();
    StreamFormat format = stream.format();
    out.writeBoolean(format != null);
    if (format != null) {
      out.writeUTF(format.codec());
      StateFormat.writeBytes(format.configuration(), out);
      out.writeInt(format.timeBaseNumerator());
      out.writeInt(format.timeBaseDenominator());
    }
    out.writeInt(stream.reorderDelay());
    out.writeBoolean(stream.parameterSetsInBand());
    boolean complete = prefix.isComplete();
    out.writeInt(complete && !prefix.isEmpty() ? prefix.first().reorderDelay() : 0);
    long first = complete ? prefix.firstNumber() : prefix.nextNumber();
    out.writeLong(first);
    out.writeLong(prefix.nextNumber());
    out.writeLong(complete ? prefix.openKeyNumber() : -1);
    List<Long> unshown = complete ? prefix.unshownNumbers() : List.of();
    out.writeInt(unshown.size());
    for (long number : unshown) {
      out.writeInt((int) (number - first));
    }
  }

  private static void readStream(
      ResumableDecoder stream, TreeMap<Long, byte[]> stored, Written written, DataInputStream in)
      throws IOException {
    StreamFormat format = null;
    if (in.readBoolean()) {
      String codec = in.readUTF();
      byte[] configuration = StateFormat.readBytes(in);
      format = new StreamFormat(codec, configuration, in.readInt(), in.readInt());
    }
    stream.restore(format, in.readInt(), in.readBoolean());
    int firstReorderDelay = in.readInt();
    long first = in.readLong();
    long next = in.readLong();
    long openKey = in.readLong();
    Set<Long> unshown = new HashSet<>();
    for (int left = StateFormat.readCount(in); left > 0; left--) {
      unshown.add(first + in.readInt());
    }
    List<SentUnit> units = readChunks(stored, first, next, unshown, written);
    if (!units.isEmpty()) {
      units.get(0).reorderDelay(firstReorderDelay);
    }
    stream.prefix().restore(first, units, openKey);
  }

  private static List<SentUnit> readChunks(
      TreeMap<Long, byte[]> stored, long first, long next, Set<Long> unshown, Written written)
      throws IOException {
    List<SentUnit> units = new ArrayList<>();
    for (Map.Entry<Long, byte[]> chunk : stored.entrySet()) {
      long start = chunk.getKey();
      List<SentUnit> read =
          PrefixCodec.read(chunk.getValue(), start, number -> !unshown.contains(number));
      written.endByStart.put(start, start + read.size());
      units.addAll(read.subList((int) Math.max(0, first - start), read.size()));
    }
    if (units.size() != next - first) {
      throw new IOException(
          "%d access units of a prefix of %d".formatted(units.size(), next - first));
    }
    return units;
  }

  private static Segment part(byte[] bytes) throws IOException {
    try {
      return Segments.read(bytes);
    } catch (RejectedRecordException e) {
      throw new IOException("in a part of an access unit, " + e.getMessage(), e);
    }
  }
}
