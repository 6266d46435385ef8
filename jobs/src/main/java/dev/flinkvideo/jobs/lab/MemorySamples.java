package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.cluster.JvmMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A process's memory over time, and whether it grows. Two questions each: is growth beyond the
 * limit sure, given how much the samples scatter; and how much was it in all. One thread.
 */
final class MemorySamples {
  private static final double MOST_PERCENT_PER_HOUR = 1;
  private static final double MOST_PERCENT_IN_ALL = 3;

  /** Share of the samples at either end that are compared. */
  private static final double ENDS = 0.2;

  private static final double MIB = 1 << 20;

  private final JvmMemory memory;
  private final long startNs = System.nanoTime();
  private final List<double[]> residentMib = new ArrayList<>();
  private final List<double[]> liveHeapMib = new ArrayList<>();

  MemorySamples(JvmMemory memory) {
    this.memory = memory;
  }

  void take() throws IOException {
    double seconds = (System.nanoTime() - startNs) / 1e9;
    liveHeapMib.add(new double[] {seconds, memory.liveHeapBytes() / MIB});
    residentMib.add(new double[] {seconds, memory.residentBytes() / MIB});
  }

  /** For whoever waits. */
  String latest() {
    return String.format(
        Locale.ROOT,
        "%.1f MiB resident, %.1f MiB of heap live",
        residentMib.get(residentMib.size() - 1)[1],
        liveHeapMib.get(liveHeapMib.size() - 1)[1]);
  }

  List<Check> checks(Duration warmUp) {
    List<Check> checks = new ArrayList<>(checks("resident memory", after(residentMib, warmUp)));
    checks.addAll(checks("live heap", after(liveHeapMib, warmUp)));
    return checks;
  }

  /**
   * @param points seconds and MiB
   */
  static List<Check> checks(String what, List<double[]> points) {
    Trend trend = Trend.of(points);
    return List.of(
        Check.atMost(
            what + " surely grows, at most",
            trend.surePercentPerHour(),
            MOST_PERCENT_PER_HOUR,
            "% per hour"),
        Check.atMost(
            what + " has grown, at most",
            100 * growthMib(points) / trend.mean(),
            MOST_PERCENT_IN_ALL,
            "%"));
  }

  String notes(Duration warmUp) {
    return """
        | after %d s of warm-up | mean | growth | 95 %% interval | last fifth less first fifth |
        |---|--:|--:|--:|--:|
        %s
        %s

        Growth beyond a limit is sure when the lower end of its interval is. A run of minutes cannot show that memory
        grows by less than one percent in an hour, only that there is no sign of more; `--duration` makes the interval narrower.
        """
        .formatted(
            warmUp.toSeconds(),
            row("resident memory", after(residentMib, warmUp)),
            row("live heap", after(liveHeapMib, warmUp)));
  }

  SvgChart chart() {
    return new SvgChart("Memory of the TaskManager", "s", "MiB")
        .line("resident", residentMib)
        .line("heap after a full collection", liveHeapMib);
  }

  private static String row(String what, List<double[]> points) {
    Trend trend = Trend.of(points);
    return String.format(
        Locale.ROOT,
        "| %s | %.1f MiB | %.2f %% per hour | ± %.2f %% | %.2f MiB |",
        what,
        trend.mean(),
        trend.percentPerHour(),
        trend.plusMinusPercent(),
        growthMib(points));
  }

  private static double growthMib(List<double[]> points) {
    int count = Math.min(points.size(), Math.max(1, (int) (points.size() * ENDS)));
    return mean(points.subList(points.size() - count, points.size()))
        - mean(points.subList(0, count));
  }

  private static double mean(List<double[]> points) {
    return points.stream().mapToDouble(point -> point[1]).average().orElse(Double.NaN);
  }

  private static List<double[]> after(List<double[]> points, Duration warmUp) {
    return points.stream().filter(point -> point[0] > warmUp.toSeconds()).toList();
  }
}
