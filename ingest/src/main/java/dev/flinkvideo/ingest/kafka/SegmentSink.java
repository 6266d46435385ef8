package dev.flinkvideo.ingest.kafka;

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

  private final SegmentBuilder builder;
  private final double spanTicks;

  /** Decoding time of the first unit of the segment that is being filled. */
  private long firstDts = EncodedUnit.NO_TIME;

  /**
   * @param out takes each finished segment, at once
   */
  public SegmentSink(Connection connection, Consumer<Segment> out) {
    StreamFormat format = connection.format();
    this.spanTicks = SPAN_MS / 1000.0 * format.timeBaseDenominator() / format.timeBaseNumerator();
    this.builder =
        new SegmentBuilder(
            connection,
            SPAN_MS,
            segment -> {
              firstDts = EncodedUnit.NO_TIME;
              out.accept(segment);
            });
  }

  @Override
  public void add(EncodedUnit unit, long durationTicks, long arrivalUs) {
    builder.add(unit, arrivalUs);
    if (unit.dts() == EncodedUnit.NO_TIME) {
      return;
    }
    if (firstDts == EncodedUnit.NO_TIME) {
      firstDts = unit.dts();
    }
    if (durationTicks > 0 && unit.dts() + durationTicks - firstDts >= spanTicks) {
      finish();
    }
  }

  @Override
  public void finish() {
    builder.flush();
  }
}
