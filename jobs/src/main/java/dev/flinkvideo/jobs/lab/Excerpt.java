package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.ingest.transport.PictureFormat;
import dev.flinkvideo.ingest.transport.UnitSource;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.time.Duration;

/** The beginning of a source. Owns it; one thread. */
final class Excerpt implements UnitSource {
  private final UnitSource source;
  private final double ticks;
  private long firstDts = EncodedUnit.NO_TIME;

  Excerpt(UnitSource source, Duration length) {
    this.source = source;
    StreamFormat format = source.format();
    ticks = length.toNanos() / 1e9 * format.timeBaseDenominator() / format.timeBaseNumerator();
  }

  @Override
  public StreamFormat format() {
    return source.format();
  }

  @Override
  public PictureFormat picture() {
    return source.picture();
  }

  @Override
  public EncodedUnit next() throws IOException {
    EncodedUnit unit = source.next();
    if (unit == null || unit.dts() == EncodedUnit.NO_TIME) {
      return unit;
    }
    if (firstDts == EncodedUnit.NO_TIME) {
      firstDts = unit.dts();
    }
    return unit.dts() - firstDts < ticks ? unit : null;
  }

  @Override
  public long durationTicks() {
    return source.durationTicks();
  }

  @Override
  public void close() {
    source.close();
  }
}
