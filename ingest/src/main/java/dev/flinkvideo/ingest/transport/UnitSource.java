package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;

/**
 * Gives the access units of one video stream in decoding order. One thread at a time; closed by
 * whoever opened it.
 */
public interface UnitSource extends AutoCloseable {
  StreamFormat format();

  PictureFormat picture();

  /** The next access unit, or null when there are no more. */
  EncodedUnit next() throws IOException;

  /**
   * How long the unit that {@link #next} gave last is shown, in units of the time base; 0 if not
   * known.
   */
  long durationTicks();

  @Override
  void close();
}
