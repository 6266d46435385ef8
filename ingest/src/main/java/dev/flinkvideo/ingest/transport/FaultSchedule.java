package dev.flinkvideo.ingest.transport;

import java.time.Duration;

/**
 * When a {@link FaultyClip} shows what, repeated each period.
 *
 * <pre>
 *   0 ── clip ── blackFrom ── black ── blackTo ── clip ── frozenFrom ── frozen ── frozenTo ── clip ── period
 * </pre>
 */
public record FaultSchedule(
    Duration period, Duration blackFrom, Duration blackTo, Duration frozenFrom, Duration frozenTo) {
  /** Both faults longer than the alarms' default durations, seen within half a minute. */
  public static final FaultSchedule DEFAULT =
      new FaultSchedule(
          Duration.ofSeconds(24),
          Duration.ofSeconds(8),
          Duration.ofSeconds(12),
          Duration.ofSeconds(16),
          Duration.ofSeconds(20));

  enum Shown {
    CLIP,
    BLACK,
    FROZEN
  }

  public FaultSchedule {
    boolean inOrder =
        blackFrom.compareTo(blackTo) <= 0
            && blackTo.compareTo(frozenFrom) <= 0
            && frozenFrom.compareTo(frozenTo) <= 0
            && frozenTo.compareTo(period) <= 0
            && !blackFrom.isNegative()
            && !period.isZero();
    if (!inOrder) {
      throw new IllegalArgumentException(
          "faults out of order: black=%s..%s frozen=%s..%s period=%s"
              .formatted(blackFrom, blackTo, frozenFrom, frozenTo, period));
    }
  }

  Shown at(double seconds) {
    double within = seconds % seconds(period);
    if (within >= seconds(blackFrom) && within < seconds(blackTo)) {
      return Shown.BLACK;
    }
    if (within >= seconds(frozenFrom) && within < seconds(frozenTo)) {
      return Shown.FROZEN;
    }
    return Shown.CLIP;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
