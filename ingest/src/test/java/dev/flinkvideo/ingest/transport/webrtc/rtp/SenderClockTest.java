package dev.flinkvideo.ingest.transport.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.wire.CaptureClock;
import org.junit.jupiter.api.Test;

class SenderClockTest {
  /** 2026-01-01T00:00:00.5Z */
  private static final long NTP = (1_767_225_600L + 2_208_988_800L) << 32 | 0x8000_0000L;

  private static final long EPOCH_NS = 1_767_225_600_500_000_000L;

  private final SenderClock clock = new SenderClock();

  @Test
  void shouldKnowNoClockBeforeTheSenderTellsIt() {
    assertThat(clock.clock()).isEqualTo(CaptureClock.CAPTURE_CLOCK_ARRIVAL);
  }

  @Test
  void shouldCountFromTheLastReportAcrossTheWrap() {
    clock.report(NTP, -45_000);

    assertThat(clock.clock()).isEqualTo(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT);
    assertThat(clock.captureNs(-45_000)).isEqualTo(EPOCH_NS);
    assertThat(clock.captureNs(45_000)).isEqualTo(EPOCH_NS + 1_000_000_000L);
  }

  @Test
  void shouldPreferTheTimeInThePictures() {
    clock.absoluteCaptureTime(NTP, 0);
    clock.report(NTP + (1L << 32), 0);

    assertThat(clock.clock()).isEqualTo(CaptureClock.CAPTURE_CLOCK_ABS_CAPTURE_TIME);
    assertThat(clock.captureNs(0)).isEqualTo(EPOCH_NS);
  }
}
