package dev.flinkvideo.ingest.transport.webrtc.rtp;

import dev.flinkvideo.protocol.wire.CaptureClock;

/**
 * When pictures were taken, by the sender's clock: the last pair of a wall-clock time and an RTP
 * timestamp that it told us, in a sender report (RFC 3550 6.4.1) or, better, in the
 * abs-capture-time header extension of a picture. One thread.
 */
public final class SenderClock {
  /** Seconds from 1900, where NTP begins, to 1970. */
  private static final long NTP_TO_EPOCH_SECONDS = 2_208_988_800L;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long TICKS_PER_SECOND = 90_000;

  private CaptureClock clock = CaptureClock.CAPTURE_CLOCK_ARRIVAL;
  private long pairNs;
  private int pairTimestamp;

  public void report(long ntp, int timestamp) {
    if (clock != CaptureClock.CAPTURE_CLOCK_ABS_CAPTURE_TIME) {
      pair(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT, ntp, timestamp);
    }
  }

  public void absoluteCaptureTime(long ntp, int timestamp) {
    pair(CaptureClock.CAPTURE_CLOCK_ABS_CAPTURE_TIME, ntp, timestamp);
  }

  /** Which clock it is; that of arrival as long as the sender told none. */
  public CaptureClock clock() {
    return clock;
  }

  /** In nanoseconds since 1970; of use once the sender told its clock. */
  public long captureNs(int timestamp) {
    return pairNs + (timestamp - pairTimestamp) * NANOS_PER_SECOND / TICKS_PER_SECOND;
  }

  /** 64 bits of NTP, seconds and fractions, as nanoseconds since 1970. */
  static long toEpochNs(long ntp) {
    long seconds = (ntp >>> 32) - NTP_TO_EPOCH_SECONDS;
    long nanos = (ntp & 0xffff_ffffL) * NANOS_PER_SECOND >>> 32;
    return seconds * NANOS_PER_SECOND + nanos;
  }

  private void pair(CaptureClock by, long ntp, int timestamp) {
    clock = by;
    pairNs = toEpochNs(ntp);
    pairTimestamp = timestamp;
  }
}
