package dev.flinkvideo.benchmarks;

import java.io.PrintWriter;

/** Prints what {@link PipelineBenchmark} measured, for people. */
final class PipelineTable {
  private final PrintWriter out;

  PipelineTable(PrintWriter out) {
    this.out = out;
  }

  void print(PipelineResult result) {
    out.printf("%n%s, job %s, %d rounds%n", result.clip(), result.options(), result.rounds());
    line("whole job, CPU ms/frame", result.cpuMsPerFrame(), "%.3f");
    line("one bare decoder, CPU ms/frame", result.bareCpuMsPerFrame(), "%.3f");
    line("bare decoders in turn, CPU ms/frame", result.bareInTurnCpuMsPerFrame(), "%.3f");
    line("job, times one bare decoder", result.ratio(), "%.3f");
    line("job, times bare decoders in turn", result.ratioInTurn(), "%.3f");
    line("job without JVM compiler, times one bare", result.ratioCompiled(), "%.3f");
    line("frames/s", result.framesPerSecond(), "%.0f");
    out.printf("limit %.2f times one bare decoder: %s%n", result.maxRatio(), result.verdict());
    out.printf("%n%-42s %12s %11s %13s%n", "threads", "CPU ms/frame", "times bare", "heap B/frame");
    result
        .stages()
        .forEach(
            (stage, cost) ->
                out.printf(
                    "%-42s %12.3f %11.3f %13.0f%n",
                    stage, cost.cpuMsPerFrame(), cost.timesBare(), cost.heapBytesPerFrame()));
    out.printf("%nthe decoding task's thread, from stack samples%n");
    result.taskParts().forEach((part, share) -> out.printf("%-42s %11.1f %%%n", part, share * 100));
    out.flush();
  }

  private void line(String name, Spread spread, String format) {
    String values = (format + " (" + format + " to " + format + ")");
    out.printf("%-42s ", name);
    out.printf(values + "%n", spread.median(), spread.min(), spread.max());
  }
}
