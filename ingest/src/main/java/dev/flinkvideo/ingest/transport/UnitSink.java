package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.EncodedUnit;

/** Takes the access units of one stream in decoding order. One thread. */
public interface UnitSink {
  /**
   * @param durationTicks how long the unit is shown, in units of the stream's time base; 0 if not
   *     known
   * @param arrivalUs when it reached us, in microseconds since 1970
   */
  void add(EncodedUnit unit, long durationTicks, long arrivalUs);

  /** Sends what is still pending: no more will come. */
  void finish();
}
