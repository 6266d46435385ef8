package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.metrics.Clock;
import java.util.function.LongConsumer;

/**
 * Counts the damaged pictures of a session and says so at most once a second, so that a bad link is
 * an event and not a flood. Task thread only.
 */
final class DamageReports {
  private static final long INTERVAL_US = 1_000_000;

  private final Clock clock;
  private final LongConsumer report;
  private long pending;
  private long lastReportUs;

  /**
   * @param report is given the number of pictures since the last report
   */
  DamageReports(Clock clock, LongConsumer report) {
    this.clock = clock;
    this.report = report;
  }

  void damaged() {
    pending++;
    if (clock.nowUs() - lastReportUs >= INTERVAL_US) {
      flush();
    }
  }

  /** Says what is pending. */
  void flush() {
    if (pending > 0) {
      report.accept(pending);
      pending = 0;
      lastReportUs = clock.nowUs();
    }
  }
}
