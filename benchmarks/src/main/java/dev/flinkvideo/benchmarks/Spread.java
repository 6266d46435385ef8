package dev.flinkvideo.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Lowest, middle and highest of some measured values. */
record Spread(double min, double median, double max) {
  static <T> Spread of(Collection<T> measured, ToDoubleFunction<T> value) {
    return of(measured.stream().mapToDouble(value).toArray());
  }

  static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }
}
