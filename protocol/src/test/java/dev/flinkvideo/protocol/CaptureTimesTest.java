package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.wire.CaptureClock;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CaptureTimesTest {
  private static final long ARRIVAL_US = 1_700_000_000_000_000L;
  private static final long MS_IN_NS = 1_000_000L;

  @Test
  void shouldTakeWhatASourceSaysWhoseClockMayBeOurs() {
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT, 0)).isPresent();
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_ABS_CAPTURE_TIME, 9_999)).isPresent();
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_SEI, -50)).isPresent();
  }

  @Test
  void shouldNotTakeTheTimeOfArrivalForThatOfCapture() {
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_ARRIVAL, 0)).isEmpty();
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_UNSPECIFIED, 0)).isEmpty();
  }

  @Test
  void shouldNotBelieveThatAPictureWasTakenAfterItCameOrLongBefore() {
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT, -51)).isEmpty();
    assertThat(taken(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT, 10_001)).isEmpty();
    assertThat(
            CaptureTimes.ofFirst(
                segment(CaptureClock.CAPTURE_CLOCK_SEI, Long.MIN_VALUE, ARRIVAL_US)))
        .isEmpty();
  }

  @Test
  void shouldBelieveASourceWhereNothingSaysWhenThePictureCame() {
    assertThat(CaptureTimes.ofFirst(segment(CaptureClock.CAPTURE_CLOCK_SEI, 7, 0))).hasValue(7);
  }

  private static OptionalLong taken(CaptureClock clock, long underWayMs) {
    return CaptureTimes.ofFirst(
        segment(clock, ARRIVAL_US * 1_000 - underWayMs * MS_IN_NS, ARRIVAL_US));
  }

  private static Segment segment(CaptureClock clock, long captureNs, long arrivalUs) {
    return Segment.newBuilder()
        .setCaptureClock(clock)
        .setCaptureTimeNs(captureNs)
        .setArrivalTimeUs(arrivalUs)
        .build();
  }
}
