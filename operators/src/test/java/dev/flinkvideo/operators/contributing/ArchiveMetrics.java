package dev.flinkvideo.operators.contributing;

import dev.flinkvideo.operators.metrics.CumulativeBuckets;
import dev.flinkvideo.operators.metrics.Described;
import dev.flinkvideo.operators.metrics.Described.Type;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** CONTRIBUTING.md's metrics: those of a stage that keeps pictures. Task thread only. */
public final class ArchiveMetrics {
  @Described(value = "pictures kept", type = Type.COUNTER, unit = "pictures")
  public static final String KEPT = "archiveKept";

  @Described(
      value = "how long keeping one took",
      type = Type.BUCKETS,
      unit = "us",
      worry = "it is near the time between two pictures")
  public static final String KEEPING = "archiveKeepingUs";

  private final Counter kept;
  private final CumulativeBuckets keeping = new CumulativeBuckets();

  public ArchiveMetrics(MetricGroup group) {
    kept = group.counter(KEPT);
    keeping.register(group, KEEPING);
  }

  public void kept(long tookUs) {
    kept.inc();
    keeping.add(tookUs);
  }
}
