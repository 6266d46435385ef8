package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class GcPausesTest {
  @Test
  void shouldSeeAStopForTheCollector() {
    RecordedMetrics metrics = new RecordedMetrics();
    GcPauses seen = GcPauses.acquire();
    try {
      seen.register(metrics);
      long before = seen.pauses().count();

      System.gc();

      await().until(() -> seen.pauses().count() > before);
      assertThat(seen.pauses().maxUs()).isPositive();
      assertThat(seen.pauses().sumUs()).isGreaterThanOrEqualTo(seen.pauses().maxUs());
      assertThat(seen.stops().sumUs()).isGreaterThanOrEqualTo(seen.pauses().sumUs());
      assertThat((long) metrics.gauge("gcPause.count")).isPositive();
      assertThat((long) metrics.gauge("gcPause.le.+Inf.bucket")).isPositive();
      assertThat((long) metrics.gauge("vmStop.count")).isPositive();
    } finally {
      GcPauses.release();
    }
  }

  @Test
  void shouldBeSharedAndGoOnUntilTheLastUserIsGone() {
    GcPauses first = GcPauses.acquire();
    GcPauses second = GcPauses.acquire();
    GcPauses.release();
    try {
      long before = second.pauses().count();
      System.gc();
      await().until(() -> second.pauses().count() > before);
    } finally {
      GcPauses.release();
    }

    GcPauses anew = GcPauses.acquire();
    GcPauses.release();
    assertThat(first).isSameAs(second);
    assertThat(anew).isNotSameAs(first);
  }
}
