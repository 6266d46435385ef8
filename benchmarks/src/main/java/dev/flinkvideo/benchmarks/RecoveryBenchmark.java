package dev.flinkvideo.benchmarks;

import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.local.LocalMetrics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What exact recovery costs: CPU time per frame of the whole job with and without prefixes, rounds
 * of the two in turn; and the size and duration of checkpoints while sessions are live, with key
 * frames two and eight seconds apart.
 */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    description = {
      "CPU time of keeping prefixes; size and duration of checkpoints.",
      "Exits with 1 if prefixes cost more than they may."
    },
    footer = {"", "Example:", "  benchmarks/run.sh recovery --rounds 5 --json recovery.json"})
public final class RecoveryBenchmark implements Callable<Integer> {
  private static final double MAX_RATIO = 1.03;
  private static final int CLIP_FRAMES = 400;
  private static final int FRAMES_PER_SECOND = 25;
  private static final List<Integer> KEY_INTERVALS_S = List.of(2, 8);
  private static final long POLL_MS = 50;

  private static final List<String> WITH = List.of();
  private static final List<String> WITHOUT = List.of("--decode.prefix.max-size", "0");

  /** What a job said of its checkpoints; the duration is that of the whole job's. */
  record Checkpoints(Spread bytesPerSession, Spread durationMs) {}

  record Result(
      Spread withCpuMsPerFrame,
      Spread withoutCpuMsPerFrame,
      Spread ratio,
      double maxRatio,
      Map<String, Checkpoints> checkpointsByKeyInterval) {
    /** Prefixes cost no more than they may, in most rounds. */
    boolean withinLimit() {
      return ratio.median() <= maxRatio;
    }
  }

  @Spec private CommandSpec spec;

  @Mixin private Reporting reporting;

  @Option(
      names = "--sessions",
      defaultValue = "6",
      description = "Sessions in Kafka (default: ${DEFAULT-VALUE}).")
  private int sessions;

  @Option(
      names = "--frames",
      defaultValue = "1500",
      description = "Frames of each session (default: ${DEFAULT-VALUE}).")
  private int framesPerSession;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Measured rounds of each (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--live-seconds",
      defaultValue = "60",
      description = "How long checkpoints are watched (default: ${DEFAULT-VALUE}).")
  private int liveSeconds;

  RecoveryBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RecoveryBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Host.describe());
    out.flush();
    Result result = measure(out);
    print(out, result);
    reporting.write(result);
    return result.withinLimit() ? 0 : 1;
  }

  private Result measure(PrintWriter out) throws Exception {
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    try (BrokerProcess broker = new BrokerProcess()) {
      ClipPublisher.publish(clip(2), broker.bootstrap(), sessions, framesPerSession);
      long frames = (long) sessions * framesPerSession;
      JobRun keeping = new JobRun(broker.bootstrap(), frames, WITH);
      JobRun forgetting = new JobRun(broker.bootstrap(), frames, WITHOUT);
      keeping.measure("warm-up-1", /* sampled= */ false);
      forgetting.measure("warm-up-2", /* sampled= */ false);
      for (int round = 0; round < rounds; round++) {
        with.add(keeping.measure("with-" + round, false).compiledCpuMsPerFrame());
        without.add(forgetting.measure("without-" + round, false).compiledCpuMsPerFrame());
        out.printf("round %d: with %.3f without %.3f%n", round, last(with), last(without));
        out.flush();
      }
    }
    Map<String, Checkpoints> checkpoints = new LinkedHashMap<>();
    for (int keyIntervalS : KEY_INTERVALS_S) {
      checkpoints.put(keyIntervalS + " s", watchCheckpoints(clip(keyIntervalS)));
    }
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ratios[i] = with.get(i) / without.get(i);
    }
    return new Result(
        Spread.of(with, value -> value),
        Spread.of(without, value -> value),
        Spread.of(ratios),
        MAX_RATIO,
        checkpoints);
  }

  private Checkpoints watchCheckpoints(Path clip) throws Exception {
    List<Double> bytes = new ArrayList<>();
    List<Double> durationMs = new ArrayList<>();
    try (BrokerProcess broker = new BrokerProcess()) {
      Configuration configuration =
          JobConfiguration.parse(
              "--bootstrap", broker.bootstrap(), "--job.checkpoint-interval", "5s");
      VideoJob.prepareTopics(configuration);
      try (LocalCluster cluster = new LocalCluster(configuration)) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, configuration));
        Thread publisher = publishing(clip, broker.bootstrap());
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(liveSeconds);
        for (long seen = 2; System.nanoTime() < endNs; TimeUnit.MILLISECONDS.sleep(POLL_MS)) {
          if (LocalMetrics.sum("numberOfCompletedCheckpoints") > seen) {
            seen = LocalMetrics.sum("numberOfCompletedCheckpoints");
            bytes.add((double) LocalMetrics.sum("lastCheckpointSize") / sessions);
            durationMs.add((double) LocalMetrics.sum("lastCheckpointDuration"));
          }
        }
        publisher.interrupt();
        publisher.join();
      }
    }
    return new Checkpoints(Spread.of(bytes, value -> value), Spread.of(durationMs, value -> value));
  }

  private Thread publishing(Path clip, String bootstrap) {
    long frames = (liveSeconds + 10L) * FRAMES_PER_SECOND;
    Thread thread =
        new Thread(
            () -> {
              try {
                ClipPublisher.publish(clip, bootstrap, sessions, frames, /* realtime= */ true);
              } catch (Exception ended) {
                Thread.currentThread().interrupt(); // by the end of the measurement
              }
            },
            "benchmark-publisher");
    thread.start();
    return thread;
  }

  private Path clip(int keyIntervalS) throws java.io.IOException {
    return ClipMaker.of(reporting.home()).clip(ClipMaker.HD, CLIP_FRAMES, keyIntervalS);
  }

  private void print(PrintWriter out, Result result) {
    out.printf("%n%d sessions of 1280x720, %d rounds%n", sessions, rounds);
    line(out, "with prefixes, CPU ms/frame", result.withCpuMsPerFrame(), "%.3f");
    line(out, "without, CPU ms/frame", result.withoutCpuMsPerFrame(), "%.3f");
    line(out, "with, times without", result.ratio(), "%.3f");
    out.printf("limit %.2f: %s%n", result.maxRatio(), result.withinLimit() ? "held" : "missed");
    result
        .checkpointsByKeyInterval()
        .forEach(
            (interval, checkpoints) -> {
              line(
                  out,
                  "key frame each %s: checkpoint, bytes/session".formatted(interval),
                  checkpoints.bytesPerSession(),
                  "%.0f");
              line(out, "  duration, whole job, ms", checkpoints.durationMs(), "%.0f");
            });
    out.flush();
  }

  private static void line(PrintWriter out, String name, Spread spread, String format) {
    String values = format + " (" + format + " to " + format + ")";
    out.printf("%-48s " + values + "%n", name, spread.median(), spread.min(), spread.max());
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }
}
