package dev.flinkvideo.operators.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordingStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Stop-the-world pauses of this JVM, from the flight recorder's {@code GCPhasePause}: one event per
 * pause whichever the collector. Flink's own {@code GarbageCollector.All.Time} adds concurrent
 * cycles to pauses and G1's notifications miss Remark and Cleanup, so neither is used. One
 * recording per class loader, shared by the subtasks: {@link #acquire}, {@link #release}. Any
 * thread.
 */
public final class GcPauses {
  /** Group of the gauges below. */
  public static final String GROUP = "gcPause";

  /** Pauses since the first subtask started. */
  public static final String COUNT = "count";

  /** Their sum, in microseconds. */
  public static final String SUM_US = "sumUs";

  /** The longest, in microseconds. */
  public static final String MAX_US = "maxUs";

  private static GcPauses shared;
  private static int users;

  private final LongAdder count = new LongAdder();
  private final LongAdder sumUs = new LongAdder();
  private final LongAccumulator maxUs = new LongAccumulator(Math::max, 0);
  private final RecordingStream recording = new RecordingStream();

  private GcPauses() {
    recording.enable("jdk.GCPhasePause").withoutThreshold().withoutStackTrace();
    recording.onEvent("jdk.GCPhasePause", event -> add(event.getDuration()));
    recording.setReuse(true);
    recording.setOrdered(false);
    recording.setMaxAge(Duration.ofSeconds(10));
    recording.startAsync();
  }

  /**
   * Starting takes up to two seconds the first time: call it in {@code open}, before the first
   * record.
   */
  public static synchronized GcPauses acquire() {
    if (users++ == 0) {
      shared = new GcPauses();
    }
    return shared;
  }

  public static synchronized void release() {
    if (--users == 0) {
      shared.recording.close();
      shared = null;
    }
  }

  public void register(MetricGroup parent) {
    MetricGroup group = parent.addGroup(GROUP);
    group.gauge(COUNT, (Gauge<Long>) count::sum);
    group.gauge(SUM_US, (Gauge<Long>) sumUs::sum);
    group.gauge(MAX_US, (Gauge<Long>) maxUs::get);
  }

  public long count() {
    return count.sum();
  }

  public long sumUs() {
    return sumUs.sum();
  }

  public long maxUs() {
    return maxUs.get();
  }

  private void add(Duration pause) {
    long us = pause.toNanos() / 1_000;
    count.increment();
    sumUs.add(us);
    maxUs.accumulate(us);
  }
}
