package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.JvmMemory;
import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Sessions of five codecs and five sizes come and go, one packet in fifty damaged, and the
 * TaskManager's memory is watched: resident, and what of the heap survives a full collection.
 */
final class SoakExperiment implements Experiment {
  private static final int SESSIONS_AT_ONCE = 10;
  private static final int PARALLELISM = 2;
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);
  private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(10);
  private static final Duration RELEASED_WITHIN = Duration.ofSeconds(60);
  private static final int SAY_EVERY = 6;

  /**
   * Sessions that went are forgotten within seconds, so that what they leave behind is seen; and
   * the first use of each page of the frame pool would look like a leak.
   */
  private static final List<String> OPTIONS =
      List.of(
          "--admission.stall-after",
          "3s",
          "--admission.forget-after",
          "3s",
          "--decode.memory-pre-touch",
          "true");

  private static final Map<String, String> FLINK =
      Map.of(
          "execution.checkpointing.interval", "5s",
          // The same of the heap, and of code that is compiled again and again for half an hour,
          "env.java.default-opts.taskmanager", "-XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1",
          // and of RocksDB's cache, which takes an hour to fill its share of managed memory.
          "state.backend.rocksdb.memory.fixed-per-slot", "16mb",
          "state.backend.rocksdb.writebuffer.size", "16mb");

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String description() {
    return "Sessions of five codecs and sizes come and go, 2 % of their packets damaged; memory stays as it is.";
  }

  @Override
  public Outcome run(LabSettings settings) throws Exception {
    settings.say("starting a Kafka broker, a JobManager and a TaskManager");
    try (Bench bench = Bench.setUp(settings.installation(), settings.logs(this), 1, FLINK)) {
      JobUnderTest soaked = new JobUnderTest("soak", Delivery.AT_LEAST_ONCE, OPTIONS);
      RunningJob job = bench.submit(soaked, PARALLELISM);
      String taskManager = job.taskManagers().iterator().next();
      MemorySamples samples =
          new MemorySamples(new JvmMemory(bench.cluster().taskManager(taskManager)));
      List<Check> checks = new ArrayList<>();
      String played;
      try (ChurningSessions sessions =
          new ChurningSessions(
              bench.bootstrap(), clips(settings), SESSIONS_AT_ONCE, settings.seed())) {
        watch(settings, sessions, samples);
        checks.add(Check.atLeast("sessions that came and went, at least", sessions.ended(), 1, ""));
        played =
            "%d sessions came and went, %d pictures were sent.%n%n"
                .formatted(sessions.ended(), sessions.pictures());
      }
      settings.say("no more sessions; waiting until their memory is given back");
      bench.awaitRead(soaked, 1);
      checks.addAll(samples.checks(warmUp(settings)));
      checks.addAll(leftBehind(job));
      bench.finish(job, soaked);
      checks.add(Check.atMost("leases overdue, at most", bench.leasesOverdue(soaked), 0, ""));
      return new Outcome(checks, played + samples.notes(warmUp(settings)), samples.chart());
    }
  }

  private static void watch(LabSettings settings, ChurningSessions sessions, MemorySamples samples)
      throws Exception {
    long endNs = System.nanoTime() + settings.duration().toNanos();
    for (int i = 1; System.nanoTime() < endNs; i++) {
      TimeUnit.MILLISECONDS.sleep(SAMPLE_EVERY.toMillis());
      samples.take();
      if (i % SAY_EVERY == 0) {
        settings.say("%d sessions came and went; %s", sessions.ended(), samples.latest());
      }
    }
  }

  private static List<Check> leftBehind(RunningJob job) throws Exception {
    try {
      Waiting.until(
          "all slots are given back",
          RELEASED_WITHIN,
          () ->
              sum(job, DecodeMetrics.POOL_LEASED_BYTES) == 0
                  && sum(job, DecodeMetrics.SESSIONS) == 0);
    } catch (TimeoutException e) {
      // The checks say what is left.
    }
    return List.of(
        Check.atMost(
            "leased and not given back, at most",
            sum(job, DecodeMetrics.POOL_LEASED_BYTES),
            0,
            "bytes"),
        Check.atMost(
            "frames outstanding, at most", sum(job, DecodeMetrics.FRAMES_OUTSTANDING), 0, ""),
        Check.atMost("sessions remembered, at most", sum(job, DecodeMetrics.SESSIONS), 0, ""),
        Check.atMost("restarts of the job, at most", job.restarts(), 0, ""));
  }

  private static long sum(RunningJob job, String metric) throws Exception {
    return job.sum("decode." + metric);
  }

  private static List<Path> clips(LabSettings settings) throws IOException {
    if (settings.clip().isPresent()) {
      return List.of(settings.clip().get());
    }
    try (Stream<Path> files = Files.list(settings.installation().footage().resolve("codecs"))) {
      return files.filter(file -> !file.toString().endsWith(".sh")).sorted().toList();
    }
  }

  /** Until the compilers have compiled what is hot, and each page of the pools was used once. */
  private static Duration warmUp(LabSettings settings) {
    Duration half = settings.duration().dividedBy(2);
    return half.compareTo(LONGEST_WARM_UP) < 0 ? half : LONGEST_WARM_UP;
  }
}
