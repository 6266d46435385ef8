package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class GcPausesTest {
  @Test
  void shouldSeeAPauseOfTheCollector() {
    RecordedMetrics metrics = new RecordedMetrics();
    GcPauses pauses = GcPauses.acquire();
    try {
      pauses.register(metrics);
      long before = pauses.count();

      System.gc();

      await().until(() -> pauses.count() > before);
      assertThat(pauses.maxUs()).isPositive();
      assertThat(pauses.sumUs()).isGreaterThanOrEqualTo(pauses.maxUs());
      assertThat((long) metrics.gauge("gcPause.count")).isPositive();
      assertThat((long) metrics.gauge("gcPause.sumUs")).isPositive();
      assertThat((long) metrics.gauge("gcPause.maxUs")).isPositive();
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
      long before = second.count();
      System.gc();
      await().until(() -> second.count() > before);
    } finally {
      GcPauses.release();
    }

    GcPauses anew = GcPauses.acquire();
    GcPauses.release();
    assertThat(first).isSameAs(second);
    assertThat(anew).isNotSameAs(first);
  }
}
