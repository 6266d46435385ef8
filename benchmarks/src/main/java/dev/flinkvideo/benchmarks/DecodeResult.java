package dev.flinkvideo.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One variant on one clip.
 *
 * @param ratio of CPU time to that of the bare decoder in the same round, over all rounds
 * @param maxRatio the limit, or null where there is none
 */
record DecodeResult(
    String variant,
    Spread cpuMsPerFrame,
    Spread ratio,
    double heapBytesPerFrame,
    Double maxRatio,
    Double maxHeapBytesPerFrame) {

  static DecodeResult of(
      String variant, List<Cost> costs, List<Cost> bare, Double maxRatio, Double maxHeap) {
    double[] ratios =
        IntStream.range(0, costs.size())
            .mapToDouble(i -> costs.get(i).cpuMsPerFrame() / bare.get(i).cpuMsPerFrame())
            .toArray();
    Cost all = costs.stream().reduce(Cost.NOTHING, Cost::plus);
    return new DecodeResult(
        variant,
        Spread.of(costs, Cost::cpuMsPerFrame),
        Spread.of(ratios),
        all.heapBytesPerFrame(),
        maxRatio,
        maxHeap);
  }

  String verdict() {
    if (maxRatio == null) {
      return "";
    }
    return ratio.median() <= maxRatio && heapBytesPerFrame <= maxHeapBytesPerFrame
        ? "met"
        : "missed";
  }
}
