package dev.flinkvideo.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs variants in turn on one thread. The machine's speed drifts by a fifth within seconds, so a
 * round is cut into chunks of some pictures, each decoded by every variant before the next, and who
 * begins changes from chunk to chunk: all of them meet the same weather.
 *
 * <pre>
 *   chunk 1: A B C D   chunk 2: B C D A   ...   all drain, all rewind: one round
 * </pre>
 */
final class InterleavedRounds {
  private static final int CHUNK_UNITS = 50;

  private final List<? extends Variant> variants;
  private final int units;

  /**
   * @param units how many the clip has
   */
  InterleavedRounds(List<? extends Variant> variants, int units) {
    this.variants = variants;
    this.units = units;
  }

  /**
   * What each variant's rounds cost, in their order.
   *
   * @param warmUpRounds first rounds whose cost is forgotten: code is still being compiled
   */
  List<List<Cost>> run(int warmUpRounds, int rounds) {
    List<List<Cost>> costs = new ArrayList<>();
    variants.forEach(variant -> costs.add(new ArrayList<>()));
    for (int round = 0; round < warmUpRounds + rounds; round++) {
      Cost[] cost = round(round);
      for (int i = 0; i < cost.length && round >= warmUpRounds; i++) {
        costs.get(i).add(cost[i]);
      }
    }
    return costs;
  }

  private Cost[] round(int turn) {
    Cost[] costs = new Cost[variants.size()];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = Cost.NOTHING;
    }
    int first = turn;
    for (int from = 0; from < units; from += CHUNK_UNITS, first++) {
      for (int i = 0; i < costs.length; i++) {
        int now = (first + i) % costs.length;
        costs[now] = costs[now].plus(chunk(variants.get(now), from));
      }
    }
    variants.forEach(Variant::rewind);
    checkSameFrames(costs);
    return costs;
  }

  /** JavaCV's grabber keeps the last picture of a file to itself. */
  private void checkSameFrames(Cost[] costs) {
    for (int i = 1; i < costs.length; i++) {
      if (Math.abs(costs[i].frames() - costs[0].frames()) > 1) {
        throw new IllegalStateException(
            "%s gave %d frames, %s gave %d: costs per frame cannot be compared"
                .formatted(
                    variants.get(0).name(),
                    costs[0].frames(),
                    variants.get(i).name(),
                    costs[i].frames()));
      }
    }
  }

  private Cost chunk(Variant variant, int from) {
    int to = Math.min(units, from + CHUNK_UNITS);
    Cost cost = Cost.of(() -> variant.decode(from, to));
    return to < units ? cost : cost.plus(Cost.of(variant::drain));
  }
}
