package dev.flinkvideo.operators.metrics;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A metric group that remembers what was registered, as a reporter would see it. */
final class RecordedMetrics extends UnregisteredMetricsGroup {
  private final String scope;
  private final Map<String, Metric> metrics;

  RecordedMetrics() {
    this("", new HashMap<>());
  }

  private RecordedMetrics(String scope, Map<String, Metric> metrics) {
    this.scope = scope;
    this.metrics = metrics;
  }

  long count(String path) {
    return ((Counter) metrics.get(path)).getCount();
  }

  Object gauge(String path) {
    return ((Gauge<?>) metrics.get(path)).getValue();
  }

  @Override
  public <C extends Counter> C counter(String name, C counter) {
    metrics.put(scope + name, counter);
    return counter;
  }

  @Override
  public Counter counter(String name) {
    Counter counter = super.counter(name);
    metrics.put(scope + name, counter);
    return counter;
  }

  @Override
  public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
    metrics.put(scope + name, gauge);
    return gauge;
  }

  @Override
  public <H extends Histogram> H histogram(String name, H histogram) {
    metrics.put(scope + name, histogram);
    return histogram;
  }

  @Override
  public MetricGroup addGroup(String name) {
    return new RecordedMetrics(scope + name + ".", metrics);
  }

  @Override
  public MetricGroup addGroup(String key, String value) {
    return new RecordedMetrics(scope + key + "." + value + ".", metrics);
  }
}
