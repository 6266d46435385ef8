package dev.flinkvideo.benchmarks;

import java.io.PrintWriter;
import java.util.List;

/** Prints what {@link DecodeBenchmark} measured, for people. */
final class DecodeTable {
  private final PrintWriter out;

  DecodeTable(PrintWriter out) {
    this.out = out;
  }

  void print(String clip, int rounds, List<DecodeResult> results) {
    out.printf("%n%s, %d rounds%n", clip, rounds);
    out.printf(
        "%-24s %21s  %-26s %12s  %s%n",
        "", "CPU ms/frame min/med", "times bare, median (range)", "heap B/frame", "limits");
    results.forEach(this::print);
    out.flush();
  }

  private void print(DecodeResult result) {
    Spread cpu = result.cpuMsPerFrame();
    Spread ratio = result.ratio();
    out.printf(
        "%-24s %12.3f / %.3f   %.3f (%.3f to %.3f)   %15.0f  %s%n",
        result.variant(),
        cpu.min(),
        cpu.median(),
        ratio.median(),
        ratio.min(),
        ratio.max(),
        result.heapBytesPerFrame(),
        limits(result));
  }

  private static String limits(DecodeResult result) {
    return result.maxRatio() == null
        ? ""
        : "%.2f, %.0f B: %s"
            .formatted(result.maxRatio(), result.maxHeapBytesPerFrame(), result.verdict());
  }
}
