package dev.flinkvideo.jobs.local;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink metrics of this process by name, for the demo's table and report: the same figures that a
 * Prometheus reporter of a cluster shows. Any thread.
 */
public final class LocalMetrics implements MetricReporter {
  private static final Map<Metric, String> METRICS = new ConcurrentHashMap<>();

  /** Found by name. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new LocalMetrics();
    }
  }

  /** Values of all metrics whose scope ends in these names, one per subtask. */
  public static List<Long> values(String... names) {
    String suffix = "." + String.join(".", names);
    return METRICS.entrySet().stream()
        .filter(entry -> entry.getValue().endsWith(suffix))
        .map(entry -> value(entry.getKey()))
        .toList();
  }

  public static long sum(String... names) {
    return values(names).stream().mapToLong(Long::longValue).sum();
  }

  public static long max(String... names) {
    return values(names).stream().mapToLong(Long::longValue).max().orElse(0);
  }

  @Override
  public void open(MetricConfig config) {
    METRICS.clear();
  }

  @Override
  public void close() {
    METRICS.clear();
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    METRICS.put(metric, group.getMetricIdentifier(name));
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    METRICS.remove(metric);
  }

  private static long value(Metric metric) {
    if (metric instanceof Counter counter) {
      return counter.getCount();
    }
    Object value = metric instanceof Gauge<?> gauge ? gauge.getValue() : null;
    return value instanceof Number number ? number.longValue() : 0;
  }
}
