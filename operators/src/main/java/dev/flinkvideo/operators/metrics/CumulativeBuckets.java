package dev.flinkvideo.operators.metrics;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * How many durations were at most so long, for several lengths: what Prometheus' {@code
 * histogram_quantile} takes, and, unlike the quantiles that Flink's histograms become, can be added
 * up over subtasks. Counts since it was made. Written by any thread, read by reporters.
 */
public final class CumulativeBuckets {
  /** Label of a bucket: its upper bound in microseconds, included. */
  public static final String BOUND_LABEL = "le";

  /** Name of the buckets in their group. */
  public static final String BUCKET = "bucket";

  /** How many durations there were; in their group. */
  public static final String COUNT = "count";

  /** Their sum in microseconds; in their group. */
  public static final String SUM_US = "sumUs";

  /** The longest in microseconds; in their group. */
  public static final String MAX_US = "maxUs";

  /** From what decoding a small picture takes to what nobody waits for. */
  private static final long[] BOUNDS_US = {
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    30_000_000
  };

  private static final String INFINITE = "+Inf";

  /** By the first bound that is not passed; the last has none. */
  private final LongAdder[] counts = new LongAdder[BOUNDS_US.length + 1];

  private final LongAdder sumUs = new LongAdder();
  private final LongAccumulator maxUs = new LongAccumulator(Math::max, 0);

  public CumulativeBuckets() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Negative values (clocks of two machines) count as 0. */
  public void add(long durationUs) {
    long us = Math.max(0, durationUs);
    int bucket = 0;
    while (bucket < BOUNDS_US.length && us > BOUNDS_US[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumUs.add(us);
    maxUs.accumulate(us);
  }

  /** Puts all of it into a group of this name. */
  public void register(MetricGroup parent, String name) {
    MetricGroup group = parent.addGroup(name);
    for (int i = 0; i < counts.length; i++) {
      int last = i;
      String bound = i < BOUNDS_US.length ? Long.toString(BOUNDS_US[i]) : INFINITE;
      group.addGroup(BOUND_LABEL, bound).gauge(BUCKET, (Gauge<Long>) () -> upTo(last));
    }
    group.gauge(COUNT, (Gauge<Long>) this::count);
    group.gauge(SUM_US, (Gauge<Long>) this::sumUs);
    group.gauge(MAX_US, (Gauge<Long>) this::maxUs);
  }

  public long count() {
    return upTo(counts.length - 1);
  }

  public long sumUs() {
    return sumUs.sum();
  }

  public long maxUs() {
    return maxUs.get();
  }

  private long upTo(int last) {
    long count = 0;
    for (int i = 0; i <= last; i++) {
      count += counts[i].sum();
    }
    return count;
  }
}
