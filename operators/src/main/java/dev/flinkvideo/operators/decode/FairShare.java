package dev.flinkvideo.operators.decode;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Max-min fairness: nobody gets more while another, who has less, wants more. Stateless. */
final class FairShare {
  private FairShare() {}

  /** Among live sessions; complete ones take what they demand first. */
  static double ofLive(
      Collection<SessionLoad> loads, ToDoubleFunction<SessionLoad> demand, double capacity) {
    double[] live = loads.stream().filter(SessionLoad::isLive).mapToDouble(demand).toArray();
    return of(live, leftForLive(loads, demand, capacity));
  }

  /** What complete sessions leave; 0 if they could do with more than there is. */
  static double leftForLive(
      Collection<SessionLoad> loads, ToDoubleFunction<SessionLoad> demand, double capacity) {
    double complete = loads.stream().filter(load -> !load.isLive()).mapToDouble(demand).sum();
    return Math.max(0, capacity - complete);
  }

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
