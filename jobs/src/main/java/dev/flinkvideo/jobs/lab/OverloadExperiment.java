package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Live sessions of one clip are added until a subtask leaves pictures out, then as many again, and
 * taken away again: pictures are lost evenly and with a reason, delay and memory stay bounded.
 */
final class OverloadExperiment implements Experiment {
  private static final int LOAD = 2;

  /** One in so many of those that were too many stays when the load goes. */
  private static final int STAYING = 3;

  /** Sessions are added by one in so many of those that are open. */
  private static final int MORE_BY = 10;

  private static final int MOST_SESSIONS = 200;
  private static final Duration OPEN_EVERY = Duration.ofMillis(250);
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
      JobUnderTest job =
          new JobUnderTest(
              "overload",
              Delivery.AT_LEAST_ONCE,
              List.of("--observe", "frame", "--decode.sessions", "live"));
      RunningJob running = bench.submit(job, 1);
      OverloadRun run = load(bench, running, settings, clip);
      List<Check> memory = memory(running);
      bench.finish(running, job);
      OverloadFindings findings =
          new OverloadFindings(
              run,
              bench.observations(job),
              TopicReader.records(bench.bootstrap(), job.written().events()));
      List<Check> checks = new ArrayList<>(findings.checks());
      checks.addAll(memory);
      checks.add(Check.atMost("leases overdue, at most", bench.leasesOverdue(job), 0, ""));
      return new Outcome(checks, findings.notes(), findings.chart());
    }
  }

  private static OverloadRun load(Bench bench, RunningJob job, LabSettings settings, Path clip)
      throws Exception {
    long startUs = nowUs();
    int carried;
    long holdUs;
    long endUs;
    LiveSessions live = new LiveSessions(KafkaAccess.open(bench.bootstrap()));
    try (live) {
      settings.say("opening sessions until pictures are left out");
      carried = openUntilLowered(live, job, clip);
      settings.say("%d sessions are too many; opening as many again", carried);
      for (int i = carried; i < LOAD * carried; i++) {
        live.open("live-" + i, clip);
        TimeUnit.MILLISECONDS.sleep(OPEN_EVERY.toMillis());
      }
      TimeUnit.MILLISECONDS.sleep(SETTLING.toMillis());
      holdUs = nowUs();
      settings.say("measuring for %d s", HOLD.toSeconds());
      TimeUnit.MILLISECONDS.sleep(HOLD.toMillis());
      endUs = nowUs();
      settings.say("ending all but %d of %d", staying(carried), LOAD * carried);
      for (int i = staying(carried); i < LOAD * carried; i++) {
        live.end("live-" + i);
      }
      TimeUnit.MILLISECONDS.sleep(AFTERWARDS.toMillis());
    }
    return new OverloadRun(
        LOAD * carried, staying(carried), live.pictures(), startUs, holdUs, endUs);
  }

  /** How many that takes: a few more than the subtask can carry, for it looks before it acts. */
  private static int openUntilLowered(LiveSessions live, RunningJob job, Path clip)
      throws Exception {
    int open = 0;
    while (sum(job, DecodeMetrics.SESSIONS_LOWERED) == 0) {
      if (open >= MOST_SESSIONS) {
        throw new IllegalStateException(
            "%d sessions of %s are no load: take a clip of larger pictures"
                .formatted(open, clip.getFileName()));
      }
      for (int more = open / MORE_BY + 1; more > 0; more--) {
        live.open("live-" + open++, clip);
      }
    }
    return open;
  }

  private static int staying(int carried) {
    return Math.max(1, carried / STAYING);
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
        Check.atMost("restarts of the job, at most", job.restarts(), 0, ""));
  }

  private static long sum(RunningJob job, String metric) throws Exception {
    return job.sum("decode." + metric);
  }

  private static long nowUs() {
    return System.currentTimeMillis() * 1_000;
  }
}
