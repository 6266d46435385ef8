package dev.flinkvideo.operators.metrics;

import org.HdrHistogram.ConcurrentHistogram;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;

/**
 * HdrHistogram as a Flink metric: microseconds, two significant digits, one microsecond to one
 * hour, everything since the task started. Written by the task thread, read by reporters.
 */
public final class LatencyHistogram implements Histogram {
  private static final long HIGHEST_US = 3_600_000_000L;

  private final ConcurrentHistogram histogram = new ConcurrentHistogram(1, HIGHEST_US, 2);

  /** Negative values (clocks of two machines) count as 0. */
  @Override
  public void update(long valueUs) {
    histogram.recordValue(Math.max(0, Math.min(valueUs, HIGHEST_US)));
  }

  @Override
  public long getCount() {
    return histogram.getTotalCount();
  }

  @Override
  public HistogramStatistics getStatistics() {
    return new Snapshot(histogram.copy());
  }

  private static final class Snapshot extends HistogramStatistics {
    private final ConcurrentHistogram values;

    private Snapshot(ConcurrentHistogram values) {
      this.values = values;
    }

    @Override
    public double getQuantile(double quantile) {
      return values.getValueAtPercentile(quantile * 100);
    }

    @Override
    public long[] getValues() {
      return new long
          [0]; // Flink's reporters use quantiles only; the values themselves are not kept
    }

    @Override
    public int size() {
      return (int) Math.min(Integer.MAX_VALUE, values.getTotalCount());
    }

    @Override
    public double getMean() {
      return values.getMean();
    }

    @Override
    public double getStdDev() {
      return values.getStdDeviation();
    }

    @Override
    public long getMax() {
      return values.getMaxValue();
    }

    @Override
    public long getMin() {
      return values.getTotalCount() == 0 ? 0 : values.getMinValue();
    }
  }
}
