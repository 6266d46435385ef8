package dev.flinkvideo.operators.decode;

import java.util.Arrays;

/** Max-min fairness: nobody gets more while another, who has less, wants more. Stateless. */
final class FairShare {
  private FairShare() {}

  /**
   * The level up to which every demand can be met so that all together take no more than there is;
   * infinite if all can be met in full.
   */
  static double of(double[] demands, double capacity) {
    double[] sorted = demands.clone();
    Arrays.sort(sorted);
    double left = capacity;
    for (int i = 0; i < sorted.length; i++) {
      double even = left / (sorted.length - i);
      if (sorted[i] > even) {
        return even;
      }
      left -= sorted[i];
    }
    return Double.POSITIVE_INFINITY;
  }
}
