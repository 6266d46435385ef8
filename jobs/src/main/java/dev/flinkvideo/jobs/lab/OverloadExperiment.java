package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Live sessions of one clip are added until they are twice what a subtask can carry, and taken away
 * again: pictures are lost evenly and with a reason, delay and memory stay bounded.
 */
final class OverloadExperiment implements Experiment {
  private static final double LOAD = 2;
  private static final double LOAD_AFTER = 0.4;
  private static final int MOST_SESSIONS = 300;
  private static final Duration RAMP = Duration.ofSeconds(20);
  private static final Duration SETTLING = Duration.ofSeconds(30);
  private static final Duration HOLD = Duration.ofSeconds(40);
  private static final Duration AFTERWARDS = Duration.ofSeconds(60);

  /** A subtask alone in its TaskManager, with all of its frame memory. */
  private static final Map<String, String> FLINK = Map.of("taskmanager.numberOfTaskSlots", "1");

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public String description() {
    return "Twice the sessions that a core can carry: fewer pictures of each, evenly and with a reason, in time.";
  }

  @Override
  public Outcome run(LabSettings settings) throws Exception {
    Path clip = settings.clip().orElse(settings.clips().get(settings.clips().size() - 1));
    settings.say("starting a Kafka broker, a JobManager and a TaskManager");
    try (Bench bench = Bench.setUp(settings.installation(), settings.logs(this), 1, FLINK)) {
      Capacity capacity = Capacity.measure(bench, clip);
      settings.say(
          "one subtask judges %.0f pictures of it in a second: %.1f sessions",
          capacity.judgedPerSecond(), capacity.sessions());
      JobUnderTest job =
          new JobUnderTest(
              "overload",
              Delivery.AT_LEAST_ONCE,
              List.of(
                  "--observe", "frame", "--decode.sessions", "live", "--job.start-from", "latest"));
      RunningJob running = bench.submit(job, 1);
      OverloadRun run = load(bench, settings, clip, capacity);
      List<Check> memory = memory(running);
      bench.finish(running, job);
      OverloadFindings findings =
          new OverloadFindings(
              run,
              bench.observations(job),
              TopicReader.records(bench.bootstrap(), job.written().events()));
      List<Check> checks = new ArrayList<>(findings.checks());
      checks.addAll(memory);
      return new Outcome(checks, findings.notes(capacity), findings.chart());
    }
  }

  private static OverloadRun load(Bench bench, LabSettings settings, Path clip, Capacity capacity)
      throws Exception {
    int sessions = (int) Math.min(MOST_SESSIONS, Math.ceil(LOAD * capacity.sessions()));
    int staying = (int) Math.max(1, Math.floor(LOAD_AFTER * capacity.sessions()));
    long startUs = nowUs();
    long holdUs;
    long endUs;
    LiveSessions live = new LiveSessions(bench.bootstrap());
    try (live) {
      settings.say("opening %d sessions", sessions);
      for (int i = 0; i < sessions; i++) {
        live.open("live-" + i, clip);
        TimeUnit.MILLISECONDS.sleep(RAMP.toMillis() / sessions);
      }
      TimeUnit.MILLISECONDS.sleep(SETTLING.toMillis());
      holdUs = nowUs();
      settings.say("measuring for %d s", HOLD.toSeconds());
      TimeUnit.MILLISECONDS.sleep(HOLD.toMillis());
      endUs = nowUs();
      settings.say("ending all but %d of them", staying);
      for (int i = staying; i < sessions; i++) {
        live.end("live-" + i);
      }
      TimeUnit.MILLISECONDS.sleep(AFTERWARDS.toMillis());
    }
    return new OverloadRun(sessions, staying, live.pictures(), startUs, holdUs, endUs);
  }

  private static List<Check> memory(RunningJob job) throws Exception {
    return List.of(
        Check.atMost(
            "frame memory leased at once, at most its budget",
            sum(job, DecodeMetrics.POOL_PEAK_BYTES),
            sum(job, DecodeMetrics.POOL_SIZE_BYTES),
            "bytes"),
        Check.atMost(
            "frames outstanding, at most", sum(job, DecodeMetrics.FRAMES_OUTSTANDING), 0, ""),
        Check.atMost("leases overdue, at most", sum(job, DecodeMetrics.LEASES_OVERDUE), 0, ""),
        Check.atMost("restarts of the job, at most", job.restarts(), 0, ""));
  }

  private static long sum(RunningJob job, String metric) throws Exception {
    return job.sum("decode." + metric);
  }

  private static long nowUs() {
    return System.currentTimeMillis() * 1_000;
  }
}
