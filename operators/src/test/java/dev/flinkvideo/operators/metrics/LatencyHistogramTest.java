package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.apache.flink.metrics.HistogramStatistics;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private static final long HOUR_US = 3_600_000_000L;
  private static final Percentage TWO_DIGITS = Percentage.withPercentage(1);

  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void shouldTellQuantilesToTwoDigits() {
    LongStream.rangeClosed(1, 100_000).forEach(histogram::update);

    HistogramStatistics statistics = histogram.getStatistics();
    assertThat(histogram.getCount()).isEqualTo(100_000);
    assertThat(statistics.size()).isEqualTo(100_000);
    assertThat(statistics.getQuantile(0.5)).isCloseTo(50_000, TWO_DIGITS);
    assertThat(statistics.getQuantile(0.99)).isCloseTo(99_000, TWO_DIGITS);
    assertThat(statistics.getMean()).isCloseTo(50_000, TWO_DIGITS);
    assertThat(statistics.getStdDev()).isCloseTo(28_868, TWO_DIGITS);
    assertThat((double) statistics.getMax()).isCloseTo(100_000, TWO_DIGITS);
    assertThat(statistics.getMin()).isOne();
  }

  @Test
  void shouldTakeWhatTwoClocksDisagreeAboutForNothing() {
    histogram.update(-5_000);

    assertThat(histogram.getStatistics().getMax()).isZero();
    assertThat(histogram.getStatistics().getMin()).isZero();
    assertThat(histogram.getCount()).isOne();
  }

  @Test
  void shouldTakeWhatIsLongerThanAnHourForAnHour() {
    histogram.update(Long.MAX_VALUE);

    assertThat((double) histogram.getStatistics().getMax()).isCloseTo(HOUR_US, TWO_DIGITS);
  }

  @Test
  void shouldHaveNothingToTellBeforeTheFirstValue() {
    HistogramStatistics statistics = histogram.getStatistics();

    assertThat(statistics.size()).isZero();
    assertThat(statistics.getMin()).isZero();
    assertThat(statistics.getMax()).isZero();
    assertThat(statistics.getMean()).isCloseTo(0, within(0.0));
    assertThat(statistics.getQuantile(0.99)).isZero();
  }

  @Test
  void shouldNotChangeWhatItHasTold() {
    histogram.update(10);
    HistogramStatistics before = histogram.getStatistics();
    histogram.update(1_000);

    assertThat(before.getMax()).isEqualTo(10);
    assertThat(before.size()).isOne();
  }
}
