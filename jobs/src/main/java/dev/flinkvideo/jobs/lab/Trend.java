package dev.flinkvideo.jobs.lab;

import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * The straight line through measurements of one thing over time.
 *
 * @param mean of the measurements
 * @param perHour its slope, in the unit of the measurements
 * @param plusMinus half of the slope's 95 % confidence interval, as ordinary least squares has it
 */
record Trend(double mean, double perHour, double plusMinus) {
  private static final double SECONDS_PER_HOUR = 3_600;
  private static final double OUTSIDE_OF_INTERVAL = 0.05;

  /**
   * @param points seconds and measurements; at least three, else the interval is NaN
   */
  static Trend of(List<double[]> points) {
    SimpleRegression line = new SimpleRegression();
    double sum = 0;
    for (double[] point : points) {
      line.addData(point[0] / SECONDS_PER_HOUR, point[1]);
      sum += point[1];
    }
    double plusMinus =
        points.size() < 3 ? Double.NaN : line.getSlopeConfidenceInterval(OUTSIDE_OF_INTERVAL);
    return new Trend(sum / points.size(), line.getSlope(), plusMinus);
  }

  /** Percent of the mean per hour that it grows at least, by its confidence interval. */
  double surePercentPerHour() {
    return 100 * (perHour - plusMinus) / mean;
  }

  double percentPerHour() {
    return 100 * perHour / mean;
  }

  double plusMinusPercent() {
    return 100 * plusMinus / mean;
  }
}
