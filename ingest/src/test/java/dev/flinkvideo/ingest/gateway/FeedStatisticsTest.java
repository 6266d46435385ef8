package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedStatisticsTest {
  private static final long MS = 1_000_000;

  private final FeedStatistics statistics = new FeedStatistics(0);

  @Test
  void shouldSayNothingOfWhatNeverCame() {
    assertThat(statistics.at(2000 * MS, Optional.empty()))
        .isEqualTo(new ConnectionStatistics(2000, 0, 0, null, null, null, null, null, null, null));
    assertThat(statistics.hasKeyFrame()).isFalse();
  }

  @Test
  void shouldMeasureTheLastSecond() {
    for (int i = 0; i < 25; i++) {
      count(i % 10 == 0, i * 40 * MS);
    }
    statistics.measureRates(1000 * MS);

    ConnectionStatistics at = statistics.at(1000 * MS, Optional.empty());
    assertThat(at.framesPerSecond()).isEqualTo(25.0);
    assertThat(at.bitrateBps()).isEqualTo(25 * 8000);
    assertThat(at.keyFrames()).isEqualTo(3);
    assertThat(at.keyFrameIntervalMs()).isEqualTo(400);
    assertThat(at.silentMs()).isEqualTo(40);

    statistics.measureRates(2000 * MS);
    assertThat(statistics.at(2000 * MS, Optional.empty()).bitrateBps()).isZero();
    assertThat(statistics.at(2000 * MS, Optional.empty()).keyFrameIntervalMs()).isEqualTo(1200);
  }

  @Test
  void shouldTellWhatTheLinkTells() {
    ConnectionStatistics at =
        statistics.at(0, Optional.of(new LinkStatistics(12.5, 90, 20, 15, 10, 0)));

    assertThat(at.rttMs()).isEqualTo(12.5);
    assertThat(at.lossShare()).isEqualTo(0.1);
  }

  @Test
  void shouldTellHowLateWhereTheSourceHasAClock() {
    EncodedUnit unit = new EncodedUnit(new byte[1], 0, 0, true, 0);
    statistics.count(
        new LiveUnit(unit, 1, 5_080_000, 5_000 * MS, CaptureClock.CAPTURE_CLOCK_SEI), MS);

    assertThat(statistics.at(MS, Optional.empty()).lateMs()).isEqualTo(80);
  }

  private void count(boolean key, long nowNanos) {
    EncodedUnit unit = new EncodedUnit(new byte[1000], 0, 0, key, 0);
    statistics.count(new LiveUnit(unit, 1, 1, 1000, CaptureClock.CAPTURE_CLOCK_ARRIVAL), nowNanos);
  }
}
