package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.util.Optional;

/** Measures one feed. Guarded by its feed; time is an argument. */
final class FeedStatistics {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private long accessUnits;
  private long keyFrames;
  private long bytes;
  private long lastUnitNanos;
  private long lastKeyNanos;
  private Long keyIntervalNanos;
  private Long lateMs;

  // Where the counts were when the rates were last worked out.
  private long rateNanos;
  private long rateUnits;
  private long rateBytes;
  private Long bitrateBps;
  private Double framesPerSecond;

  FeedStatistics(long nowNanos) {
    lastUnitNanos = nowNanos;
    lastKeyNanos = nowNanos;
    rateNanos = nowNanos;
  }

  void count(LiveUnit unit, long nowNanos) {
    accessUnits++;
    bytes += unit.unit().data().length;
    lastUnitNanos = nowNanos;
    if (unit.captureClock() != CaptureClock.CAPTURE_CLOCK_ARRIVAL) {
      lateMs = unit.arrivalUs() / 1000 - unit.captureNs() / NANOS_PER_MS;
    }
    if (unit.unit().key()) {
      keyIntervalNanos = keyFrames == 0 ? null : (Long) (nowNanos - lastKeyNanos);
      lastKeyNanos = nowNanos;
      keyFrames++;
    }
  }

  /** Works out the rates since it was called last. */
  void measureRates(long nowNanos) {
    double seconds = (nowNanos - rateNanos) / NANOS_PER_SECOND;
    if (seconds <= 0) {
      return;
    }
    bitrateBps = Math.round((bytes - rateBytes) * Byte.SIZE / seconds);
    framesPerSecond = Math.round((accessUnits - rateUnits) / seconds * 10) / 10.0;
    rateNanos = nowNanos;
    rateBytes = bytes;
    rateUnits = accessUnits;
  }

  boolean hasKeyFrame() {
    return keyFrames > 0;
  }

  long sinceKeyMs(long nowNanos) {
    return (nowNanos - lastKeyNanos) / NANOS_PER_MS;
  }

  ConnectionStatistics at(long nowNanos, Optional<LinkStatistics> link) {
    return new ConnectionStatistics(
        (nowNanos - lastUnitNanos) / NANOS_PER_MS,
        accessUnits,
        keyFrames,
        bitrateBps,
        framesPerSecond,
        keyIntervalMs(nowNanos),
        link.map(LinkStatistics::roundTripMs).orElse(null),
        link.map(FeedStatistics::lossShare).orElse(null),
        lateMs,
        /* droppedSegments= */ null); // each connection has its own
  }

  private Long keyIntervalMs(long nowNanos) {
    if (keyFrames == 0) {
      return null;
    }
    long sinceKeyNanos = nowNanos - lastKeyNanos;
    long interval =
        keyIntervalNanos == null ? sinceKeyNanos : Math.max(keyIntervalNanos, sinceKeyNanos);
    return interval / NANOS_PER_MS;
  }

  private static double lossShare(LinkStatistics link) {
    long sent = link.received() + link.dropped();
    return sent == 0 ? 0 : (double) link.dropped() / sent;
  }
}
