package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CumulativeBucketsTest {
  private final RecordedMetrics metrics = new RecordedMetrics();
  private final CumulativeBuckets buckets = new CumulativeBuckets();

  @BeforeEach
  void register() {
    buckets.register(metrics, "stage");
  }

  @Test
  void shouldCountADurationInEveryBucketThatHoldsIt() {
    buckets.add(1_000);
    buckets.add(1_001);
    buckets.add(40_000_000);

    assertThat(bucket("500")).isZero();
    assertThat(bucket("1000")).isEqualTo(1);
    assertThat(bucket("2000")).isEqualTo(2);
    assertThat(bucket("30000000")).isEqualTo(2);
    assertThat(bucket("+Inf")).isEqualTo(3);
  }

  @Test
  void shouldTellCountSumAndLongest() {
    buckets.add(300);
    buckets.add(700);

    assertThat(metrics.gauge("stage.count")).isEqualTo(2L);
    assertThat(metrics.gauge("stage.sumUs")).isEqualTo(1_000L);
    assertThat(metrics.gauge("stage.maxUs")).isEqualTo(700L);
  }

  @Test
  void shouldTakeWhatTwoClocksMakeNegativeForNothing() {
    buckets.add(-5);

    assertThat(bucket("500")).isEqualTo(1);
    assertThat(buckets.sumUs()).isZero();
  }

  private long bucket(String bound) {
    return (long) metrics.gauge("stage.le." + bound + ".bucket");
  }
}
