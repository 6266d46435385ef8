package dev.flinkvideo.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Packs the access units of one connection into segments: none across a key frame, none much longer
 * than the span, none above {@link Segments#MAX_BYTES}; an access unit that is larger by itself is
 * split over parts. Owned and called by the one thread that reads the connection.
 */
public final class SegmentBuilder {
  /** Room for all fields of known width, at most about 130 bytes, and for their tags. */
  private static final int FIELDS_BYTES = 256;

  /** Upper bound of one encoded access-unit entry: two 10-byte varints, size, hash, tags. */
  private static final int UNIT_BYTES = 48;

  private final double spanSeconds;
  private final int maxBytes;
  private final Consumer<Segment> out;

  private Connection connection;
  private int maxPayloadBytes;
  private double secondsPerTick;

  private final List<EncodedUnit> units = new ArrayList<>();
  private int pendingBytes;
  private long firstArrivalUs;
  private long firstCaptureNs;
  private CaptureClock firstCaptureClock;
  private long sequence;
  private boolean discontinuity;

  /**
   * @param spanMs media time after which a segment is closed; 100 is the default of the whole
   *     system
   * @param out takes each finished segment, at once
   */
  public SegmentBuilder(Connection connection, int spanMs, Consumer<Segment> out) {
    this(connection, spanMs, Segments.MAX_BYTES, out);
  }

  SegmentBuilder(Connection connection, int spanMs, int maxBytes, Consumer<Segment> out) {
    this.spanSeconds = spanMs / 1000.0;
    this.maxBytes = maxBytes;
    this.out = out;
    describe(connection);
  }

  private void describe(Connection described) {
    StreamFormat format = described.format();
    connection = described;
    maxPayloadBytes = maxBytes - FIELDS_BYTES - variableBytes(described);
    secondsPerTick = (double) format.timeBaseNumerator() / format.timeBaseDenominator();
    if (maxPayloadBytes <= UNIT_BYTES) {
      throw new IllegalArgumentException(
          "names and codec configuration of %d bytes leave no room in a segment of %d bytes"
              .formatted(variableBytes(connection), maxBytes));
    }
  }

  private static int variableBytes(Connection connection) {
    StreamFormat format = connection.format();
    return CodedOutputStream.computeStringSizeNoTag(connection.session())
        + CodedOutputStream.computeStringSizeNoTag(connection.source())
        + CodedOutputStream.computeStringSizeNoTag(format.codec())
        + format.configuration().length;
  }

  /** What is added next is encoded otherwise, on the same connection. */
  public void format(StreamFormat format) {
    flush();
    describe(
        new Connection(
            connection.session(),
            connection.source(),
            connection.epoch(),
            connection.openedAtMs(),
            connection.transport(),
            format));
  }

  /** Takes one access unit that reached us at {@code arrivalUs} (microseconds since 1970). */
  public void add(EncodedUnit unit, long arrivalUs) {
    add(unit, arrivalUs, arrivalUs * 1000, CaptureClock.CAPTURE_CLOCK_ARRIVAL);
  }

  /**
   * Takes one access unit whose source says when it was taken.
   *
   * @param captureNs in nanoseconds since 1970, by {@code captureClock}
   */
  public void add(EncodedUnit unit, long arrivalUs, long captureNs, CaptureClock captureClock) {
    if (!units.isEmpty() && mustCloseBefore(unit)) {
      flush();
    }
    if (unit.data().length + UNIT_BYTES > maxPayloadBytes) {
      setFirst(arrivalUs, captureNs, captureClock);
      split(unit);
      return;
    }
    if (units.isEmpty()) {
      setFirst(arrivalUs, captureNs, captureClock);
    }
    units.add(unit);
    pendingBytes += unit.data().length + UNIT_BYTES;
  }

  /** Marks that what is added next does not continue what was added before. */
  public void discontinuity() {
    flush();
    discontinuity = true;
  }

  /**
   * Sends what is pending: at the end of a connection, or when its reader has waited long enough.
   */
  public void flush() {
    if (units.isEmpty()) {
      return;
    }
    Segment.Builder segment = next();
    List<ByteString> payload = new ArrayList<>(units.size());
    for (EncodedUnit unit : units) {
      segment.addAccessUnits(describe(unit, unit.data().length));
      payload.add(UnsafeByteOperations.unsafeWrap(unit.data()));
    }
    units.clear();
    pendingBytes = 0;
    out.accept(segment.setPayload(ByteString.copyFrom(payload)).build());
  }

  private boolean mustCloseBefore(EncodedUnit unit) {
    return unit.key()
        || pendingBytes + unit.data().length + UNIT_BYTES > maxPayloadBytes
        || units.size() == Segments.MAX_ACCESS_UNITS
        || spanWith(unit) >= spanSeconds;
  }

  /**
   * Media time from the first pending access unit to {@code unit}, by decoding time, which never
   * runs backwards.
   */
  private double spanWith(EncodedUnit unit) {
    EncodedUnit first = units.get(0);
    boolean byDts = unit.dts() != EncodedUnit.NO_TIME && first.dts() != EncodedUnit.NO_TIME;
    long from = byDts ? first.dts() : first.pts();
    long to = byDts ? unit.dts() : unit.pts();
    if (from == EncodedUnit.NO_TIME || to == EncodedUnit.NO_TIME) {
      return spanSeconds; // no clock to group by: one access unit a segment
    }
    return Math.abs((to - from) * secondsPerTick);
  }

  private void setFirst(long arrivalUs, long captureNs, CaptureClock captureClock) {
    firstArrivalUs = arrivalUs;
    firstCaptureNs = captureNs;
    firstCaptureClock = captureClock;
  }

  private void split(EncodedUnit unit) {
    int partBytes = maxPayloadBytes - UNIT_BYTES;
    int parts = (unit.data().length + partBytes - 1) / partBytes;
    for (int part = 0; part < parts; part++) {
      int offset = part * partBytes;
      int length = Math.min(partBytes, unit.data().length - offset);
      out.accept(
          next()
              .addAccessUnits(describe(unit, length))
              .setPayload(UnsafeByteOperations.unsafeWrap(unit.data(), offset, length))
              .setPart(part)
              .setParts(parts)
              .build());
    }
  }

  private Segment.Builder next() {
    StreamFormat format = connection.format();
    Segment.Builder segment =
        Segment.newBuilder()
            .setVersion(Segments.VERSION)
            .setSession(connection.session())
            .setSource(connection.source())
            .setEpoch(connection.epoch())
            .setOpenedAtMs(connection.openedAtMs())
            .setSequence(sequence++)
            .setTransport(connection.transport())
            .setCodec(format.codec())
            .setCodecConfiguration(UnsafeByteOperations.unsafeWrap(format.configuration()))
            .setTimeBaseNumerator(format.timeBaseNumerator())
            .setTimeBaseDenominator(format.timeBaseDenominator())
            .setCaptureTimeNs(firstCaptureNs)
            .setCaptureClock(firstCaptureClock)
            .setArrivalTimeUs(firstArrivalUs)
            .setDiscontinuity(discontinuity);
    discontinuity = false;
    return segment;
  }

  private static AccessUnit describe(EncodedUnit unit, int sizeBytes) {
    AccessUnit.Builder entry =
        AccessUnit.newBuilder()
            .setKey(unit.key())
            .setSize(sizeBytes)
            .setContentHash(unit.contentHash());
    if (unit.pts() != EncodedUnit.NO_TIME) {
      entry.setPts(unit.pts());
    }
    if (unit.dts() != EncodedUnit.NO_TIME) {
      entry.setDts(unit.dts());
    }
    return entry.build();
  }
}
