package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Segments;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Packs a stream into container files, each complete by itself, as a segmenter does: cut at each
 * key frame, and between key frames where a group of pictures would pass {@link
 * Segments#MAX_BYTES}; a decoder that goes on over the cut loses nothing. Times continue over the
 * records. Holds nothing native between two calls. One thread.
 */
public final class ContainerPackager implements UnitSink {
  /** Room for tables or index, and the parameter sets that begin a record. */
  private static final int FIXED_BYTES = 8192;

  /**
   * Upper bound of what a container adds to an access unit: PES header, stuffing, clock, tables.
   */
  private static final int UNIT_BYTES = 4 * 188;

  /** From this share of the room on, the next good place to cut is taken. */
  private static final double EAGER_SHARE = 0.75;

  private final RecordMuxer muxer;
  private final int maxBytes;
  private final Consumer<byte[]> out;
  private final List<RecordMuxer.Timed> units = new ArrayList<>();

  private int estimatedBytes = FIXED_BYTES;

  /** The least time that a picture waited from decoding to showing, so far. */
  private long leastDelay = Long.MAX_VALUE;

  /**
   * @param source tells the format; it is not read
   * @param out takes each finished record, at once
   * @throws PackagingException if the container cannot carry the codec
   */
  public ContainerPackager(UnitSource source, Container container, Consumer<byte[]> out) {
    this(source, container, Segments.MAX_BYTES, out);
  }

  ContainerPackager(UnitSource source, Container container, int maxBytes, Consumer<byte[]> out) {
    this.muxer = new RecordMuxer(source.format(), source.picture(), container);
    this.maxBytes = maxBytes;
    this.out = out;
  }

  @Override
  public void add(EncodedUnit unit, long durationTicks, long arrivalUs) {
    int bytes = estimate(unit);
    if (FIXED_BYTES + bytes > maxBytes) {
      throw new PackagingException(
          PackagingException.Reason.TOO_LARGE,
          "access unit bytes=%d limit=%d: a container record cannot be split, publish it --as segments"
              .formatted(unit.data().length, maxBytes - FIXED_BYTES - UNIT_BYTES));
    }
    leastDelay = Math.min(leastDelay, delay(unit));
    if (!units.isEmpty() && mustCutBefore(unit, bytes)) {
      finish();
    }
    units.add(new RecordMuxer.Timed(unit, durationTicks));
    estimatedBytes += bytes;
  }

  @Override
  public void finish() {
    if (units.isEmpty()) {
      return;
    }
    byte[] record = muxer.mux(units);
    units.clear();
    estimatedBytes = FIXED_BYTES;
    out.accept(record);
  }

  private boolean mustCutBefore(EncodedUnit unit, int bytes) {
    if (unit.key() || estimatedBytes + bytes > maxBytes) {
      return true;
    }
    // Where a picture is shown as soon as it is decoded, none that follows is shown before it.
    return estimatedBytes > EAGER_SHARE * maxBytes && delay(unit) == leastDelay;
  }

  private static long delay(EncodedUnit unit) {
    boolean known = unit.pts() != EncodedUnit.NO_TIME && unit.dts() != EncodedUnit.NO_TIME;
    return known ? unit.pts() - unit.dts() : 0;
  }

  private static int estimate(EncodedUnit unit) {
    int bytes = unit.data().length;
    return bytes + bytes / 40 + UNIT_BYTES; // 4 bytes in 188 of MPEG-TS are its headers
  }
}
