package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;

/**
 * One access unit as it came in.
 *
 * @param durationTicks how long it is shown, in units of the stream's time base; 0 if not known
 * @param arrivalUs when its last byte reached us, in microseconds since 1970
 * @param captureNs when the picture was taken, in nanoseconds since 1970
 * @param captureClock by whose clock that is
 */
public record LiveUnit(
    EncodedUnit unit,
    long durationTicks,
    long arrivalUs,
    long captureNs,
    CaptureClock captureClock) {

  /** For protocols that carry no clock: taken when it arrived. */
  static LiveUnit arrived(EncodedUnit unit, long durationTicks, long arrivalUs) {
    return new LiveUnit(
        unit, durationTicks, arrivalUs, arrivalUs * 1000, CaptureClock.CAPTURE_CLOCK_ARRIVAL);
  }
}
