package dev.flinkvideo.jobs.lab;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * The straight line through measurements of one thing over time.
 *
 * @param mean of the measurements
 * @param perHour its slope, in the unit of the measurements
 * @param plusMinus half of the slope's 95 % confidence interval; infinite if they say too little.
 *     Memory is now what it was ten seconds ago, more or less, so the measurements count as fewer
 *     than they are: n(1-r)/(1+r), r being the correlation of each residual with the next (Santer
 *     et al., 2000, JGR 105, 7337, section 3.1)
 */
record Trend(double mean, double perHour, double plusMinus) {
  private static final double SECONDS_PER_HOUR = 3_600;
  private static final double UPPER_QUANTILE = 0.975;
  private static final int COEFFICIENTS = 2;

  /**
   * @param points seconds and measurements, evenly spaced
   */
  static Trend of(List<double[]> points) {
    SimpleRegression line = new SimpleRegression();
    double sum = 0;
    for (double[] point : points) {
      line.addData(point[0] / SECONDS_PER_HOUR, point[1]);
      sum += point[1];
    }
    return new Trend(sum / points.size(), line.getSlope(), plusMinus(points, line));
  }

  private static double plusMinus(List<double[]> points, SimpleRegression line) {
    double[] residuals =
        points.stream()
            .mapToDouble(point -> point[1] - line.predict(point[0] / SECONDS_PER_HOUR))
            .toArray();
    double r = correlationWithNext(residuals);
    double effective = points.size() * (1 - r) / (1 + r);
    double freedom = effective - COEFFICIENTS;
    if (!(freedom > 0)) {
      return Double.POSITIVE_INFINITY;
    }
    double inflation = Math.sqrt((points.size() - COEFFICIENTS) / freedom);
    double quantile = new TDistribution(freedom).inverseCumulativeProbability(UPPER_QUANTILE);
    return line.getSlopeStdErr() * inflation * quantile;
  }

  /** 0 to 1; what swings to and fro counts as uncorrelated. */
  private static double correlationWithNext(double[] residuals) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < residuals.length; i++) {
      squares += residuals[i] * residuals[i];
      products += i == 0 ? 0 : residuals[i] * residuals[i - 1];
    }
    return squares == 0 ? 0 : Math.max(0, products / squares);
  }

  /**
   * Percent of the mean per hour that it grows at least, by its confidence interval; NaN if that
   * has no end.
   */
  double surePercentPerHour() {
    return Double.isInfinite(plusMinus) ? Double.NaN : 100 * (perHour - plusMinus) / mean;
  }

  double percentPerHour() {
    return 100 * perHour / mean;
  }

  double plusMinusPercent() {
    return 100 * plusMinus / mean;
  }
}
