package dev.flinkvideo.benchmarks;

import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.local.LocalMetrics;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;

/**
 * Runs the whole job over the segments that are in Kafka, from the first, and measures the part of
 * it in which it does nothing but work: not its start, and not its last segments.
 */
final class JobRun {
  private static final double FROM_SHARE = 0.25;
  private static final double TO_SHARE = 0.95;
  private static final long POLL_MS = 20;
  private static final long STUCK_AFTER_NS = TimeUnit.MINUTES.toNanos(2);

  private final String bootstrap;
  private final long frames;
  private final List<String> options;

  /** What a part of a run cost. */
  record Window(long frames, long wallNs, StageCosts costs, Map<TaskPart, Integer> taskSamples) {
    double cpuMsPerFrame() {
      return costs.cpuNs() / 1e6 / frames;
    }

    double compiledCpuMsPerFrame() {
      long compilerNs = costs.stageCpuNs().getOrDefault(Stage.COMPILER, 0L);
      return (costs.cpuNs() - compilerNs) / 1e6 / frames;
    }
  }

  /**
   * @param frames how many there are in Kafka
   * @param options of the job
   */
  JobRun(String bootstrap, long frames, List<String> options) {
    this.bootstrap = bootstrap;
    this.frames = frames;
    this.options = options;
  }

  /**
   * @param group a consumer group that has read nothing yet
   * @param sampled whether to look at the task thread's stack meanwhile
   */
  Window measure(String group, boolean sampled) throws Exception {
    Configuration configuration = configuration(group);
    try (LocalCluster cluster = new LocalCluster(configuration)) {
      cluster.submit(environment -> VideoJob.buildOnKafka(environment, configuration));
      awaitDecoded((long) (FROM_SHARE * frames));
      if (!sampled) {
        return window(Map.of());
      }
      TaskSamples samples = new TaskSamples();
      try (samples) {
        return window(samples.counts());
      }
    }
  }

  private Window window(Map<TaskPart, Integer> taskSamples) throws InterruptedException {
    StageCosts before = StageCosts.now();
    long decodedBefore = decoded();
    long startNs = System.nanoTime();
    awaitDecoded((long) (TO_SHARE * frames));
    StageCosts after = StageCosts.now();
    return new Window(
        decoded() - decodedBefore, System.nanoTime() - startNs, after.since(before), taskSamples);
  }

  private Configuration configuration(String group) {
    List<String> arguments =
        new ArrayList<>(List.of("--bootstrap", bootstrap, "--job.group", group));
    arguments.addAll(options);
    return JobConfiguration.parse(arguments.toArray(String[]::new));
  }

  private static long decoded() {
    return LocalMetrics.sum(DecodeMetrics.FRAMES);
  }

  private static void awaitDecoded(long frames) throws InterruptedException {
    long lastDecoded = 0;
    long lastProgressNs = System.nanoTime();
    for (long decoded = decoded(); decoded < frames; decoded = decoded()) {
      if (decoded > lastDecoded) {
        lastDecoded = decoded;
        lastProgressNs = System.nanoTime();
      }
      if (System.nanoTime() - lastProgressNs > STUCK_AFTER_NS) {
        throw new IllegalStateException("stuck after %d frames".formatted(decoded));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
