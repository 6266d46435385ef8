package dev.flinkvideo.benchmarks;

import dev.flinkvideo.benchmarks.BareReference.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The whole job on one clip.
 *
 * @param bareCpuMsPerFrame of the bare decoder, before and after each round
 * @param ratio of the process's CPU time per frame to that of the bare decoder, by round
 * @param bareInTurnCpuMsPerFrame of as many bare decoders as sessions, in turn
 * @param ratioInTurn to those
 * @param ratioCompiled to the bare decoder, the virtual machine's compiler left out: what is left
 *     once a job has run for some minutes
 * @param stages CPU milliseconds and heap bytes per frame by what threads are for
 * @param taskParts shares of the decoding task thread's time
 */
record PipelineResult(
    String clip,
    String options,
    int rounds,
    Spread cpuMsPerFrame,
    Spread bareCpuMsPerFrame,
    Spread ratio,
    double maxRatio,
    Spread bareInTurnCpuMsPerFrame,
    Spread ratioInTurn,
    Spread ratioCompiled,
    Spread framesPerSecond,
    Map<String, StageCost> stages,
    Map<String, Double> taskParts) {

  /** Per frame, over all rounds. */
  record StageCost(double cpuMsPerFrame, double timesBare, double heapBytesPerFrame) {}

  static PipelineResult of(
      String clip,
      String options,
      List<JobRun.Window> rounds,
      List<BareReference.Measured> bare,
      double maxRatio,
      Map<TaskPart, Integer> taskSamples) {
    Spread alone = Spread.of(bare, Measured::aloneMs);
    return new PipelineResult(
        clip,
        options,
        rounds.size(),
        Spread.of(rounds, JobRun.Window::cpuMsPerFrame),
        alone,
        ratio(rounds, JobRun.Window::cpuMsPerFrame, bare, Measured::aloneMs),
        maxRatio,
        Spread.of(bare, Measured::inTurnMs),
        ratio(rounds, JobRun.Window::cpuMsPerFrame, bare, Measured::inTurnMs),
        ratio(rounds, JobRun.Window::compiledCpuMsPerFrame, bare, Measured::aloneMs),
        Spread.of(rounds, round -> round.frames() * 1e9 / round.wallNs()),
        stages(rounds, alone.median()),
        shares(taskSamples));
  }

  private static Spread ratio(
      List<JobRun.Window> rounds,
      ToDoubleFunction<JobRun.Window> cost,
      List<Measured> bare,
      ToDoubleFunction<Measured> reference) {
    return Spread.of(
        IntStream.range(0, rounds.size())
            .mapToDouble(
                i -> cost.applyAsDouble(rounds.get(i)) / reference.applyAsDouble(bare.get(i)))
            .toArray());
  }

  private static Map<String, StageCost> stages(List<JobRun.Window> rounds, double bareMs) {
    long frames = rounds.stream().mapToLong(JobRun.Window::frames).sum();
    StageCosts all =
        rounds.stream().map(JobRun.Window::costs).reduce(StageCosts::plus).orElseThrow();
    Map<String, StageCost> stages = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      double ms = all.stageCpuNs().getOrDefault(stage, 0L) / 1e6 / frames;
      double heap = (double) all.stageHeapBytes().getOrDefault(stage, 0L) / frames;
      stages.put(stage.title(), new StageCost(ms, ms / bareMs, heap));
    }
    return stages;
  }

  private static Map<String, Double> shares(Map<TaskPart, Integer> samples) {
    double all = samples.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Double> shares = new LinkedHashMap<>();
    for (TaskPart part : TaskPart.values()) {
      shares.put(part.title(), samples.getOrDefault(part, 0) / Math.max(1, all));
    }
    return shares;
  }

  String verdict() {
    return ratio.median() <= maxRatio ? "met" : "missed";
  }
}
