package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.UnitSink;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.SegmentBuilder;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.function.Consumer;

/**
 * Packs units into segments and sends each as soon as no further unit can belong to it, rather than
 * when the next one comes: on a live feed that is a whole picture sooner. One thread.
 */
public final class SegmentSink implements UnitSink {
  /** Media time of a segment by default. */
  public static final int SPAN_MS = 100;

  /** Three pictures of 33, 34 and 34 ms are what is left of 100 ms by rounding. */
  private static final int ROUNDING_MS = 1;

  private final SegmentBuilder builder;
  private double spanTicks;

  /** Decoding time of the first unit of the segment that is being filled. */
  private long firstDts = EncodedUnit.NO_TIME;

  /**
   * @param out takes each finished segment, at once
   */
  public SegmentSink(Connection connection, Consumer<Segment> out) {
    this.spanTicks = spanTicks(connection.format());
    this.builder =
        new SegmentBuilder(
            connection,
            SPAN_MS,
            segment -> {
              firstDts = EncodedUnit.NO_TIME;
              out.accept(segment);
            });
  }

  private static double spanTicks(StreamFormat format) {
    return (SPAN_MS + ROUNDING_MS)
        / 1000.0
        * format.timeBaseDenominator()
        / format.timeBaseNumerator();
  }

  /** What is added next is encoded otherwise, on the same connection. */
  public void format(StreamFormat format) {
    builder.format(format);
    spanTicks = spanTicks(format);
  }

  @Override
  public void add(EncodedUnit unit, long durationTicks, long arrivalUs) {
    finishIfTooLate(unit, durationTicks);
    builder.add(unit, arrivalUs);
    finishIfComplete(unit, durationTicks);
  }

  /** Takes a unit of a live connection, with the time at which it was taken. */
  public void add(LiveUnit live) {
    finishIfTooLate(live.unit(), live.durationTicks());
    builder.add(live.unit(), live.arrivalUs(), live.captureNs(), live.captureClock());
    finishIfComplete(live.unit(), live.durationTicks());
  }

  /** One that comes later, or is longer, than the one before let expect. */
  private void finishIfTooLate(EncodedUnit unit, long durationTicks) {
    boolean known = unit.dts() != EncodedUnit.NO_TIME && firstDts != EncodedUnit.NO_TIME;
    if (known && unit.dts() + durationTicks - firstDts > spanTicks) {
      finish();
    }
  }

  /** One more that is as long would not fit. */
  private void finishIfComplete(EncodedUnit unit, long durationTicks) {
    if (unit.dts() == EncodedUnit.NO_TIME) {
      return;
    }
    if (firstDts == EncodedUnit.NO_TIME) {
      firstDts = unit.dts();
    }
    if (durationTicks > 0 && unit.dts() + 2 * durationTicks - firstDts > spanTicks) {
      finish();
    }
  }

  @Override
  public void finish() {
    builder.flush();
  }
}
