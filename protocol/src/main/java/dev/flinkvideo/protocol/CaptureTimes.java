package dev.flinkvideo.protocol;

import dev.flinkvideo.protocol.wire.Segment;
import java.util.OptionalLong;

/**
 * When pictures were taken, as far as their source says so by a clock that can be compared with
 * those of others. Nothing is taken after it arrived: a clock by which it was is not ours, and so
 * not that of another source. Stateless.
 */
public final class CaptureTimes {
  /** How far clocks that are kept in time may differ. */
  private static final long MAX_AHEAD_NS = 50_000_000L;

  /** No live picture is that long on its way. */
  private static final long MAX_BEHIND_NS = 10_000_000_000L;

  private CaptureTimes() {}

  /** When the first access unit of a segment was taken, in nanoseconds since 1970. */
  public static OptionalLong ofFirst(Segment segment) {
    boolean bySource =
        switch (segment.getCaptureClock()) {
          case CAPTURE_CLOCK_RTCP_SENDER_REPORT,
              CAPTURE_CLOCK_ABS_CAPTURE_TIME,
              CAPTURE_CLOCK_SEI ->
              true;
          case CAPTURE_CLOCK_UNSPECIFIED, CAPTURE_CLOCK_ARRIVAL, UNRECOGNIZED -> false;
        };
    return bySource && isPlausible(segment.getCaptureTimeNs(), segment.getArrivalTimeUs())
        ? OptionalLong.of(segment.getCaptureTimeNs())
        : OptionalLong.empty();
  }

  /**
   * @param arrivalUs 0 if the producer did not stamp that: nothing contradicts
   */
  private static boolean isPlausible(long captureNs, long arrivalUs) {
    if (arrivalUs == 0) {
      return true;
    }
    double underWayNs = arrivalUs * 1e3 - captureNs; // no lie overflows it
    return underWayNs >= -MAX_AHEAD_NS && underWayNs <= MAX_BEHIND_NS;
  }
}
