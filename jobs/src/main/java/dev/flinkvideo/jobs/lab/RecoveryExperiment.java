package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.RunningJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills TaskManagers while sessions are live, then runs the job once more over the same log without
 * killing anything, and compares what the two saw, bit by bit.
 */
final class RecoveryExperiment implements Experiment {
  private static final int SESSIONS = 8;
  private static final int TASK_MANAGERS = 2;
  private static final int PARALLELISM = 2;
  private static final double NEW_WITHIN_S = 60;
  private static final long RUN_ON_MS = 3_000;

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String description() {
    return "TaskManagers are killed while eight sessions are live; every picture is judged as if nothing had happened.";
  }

  @Override
  public Outcome run(LabSettings settings) throws Exception {
    JobUnderTest disturbed = JobUnderTest.exact("killed", settings.delivery());
    JobUnderTest calm = JobUnderTest.exact("calm", Delivery.AT_LEAST_ONCE);
    settings.say("starting a Kafka broker, a JobManager and %d TaskManagers", TASK_MANAGERS);
    try (Bench bench =
        Bench.setUp(settings.installation(), settings.logs(this), TASK_MANAGERS, Map.of())) {
      List<Kill> kills = disturb(bench, disturbed, settings);
      settings.say("reading the same segments again without a failure");
      RunningJob reference = bench.submit(calm, PARALLELISM);
      bench.finish(reference, calm);
      long managedBytes = bench.cluster().managedBytesAfterRelease();
      List<SeenObservation> expected = bench.observations(calm);
      List<SeenObservation> seen = bench.observations(disturbed);
      return outcome(settings, kills, seen, Comparison.of(expected, seen), managedBytes);
    }
  }

  private static List<Kill> disturb(Bench bench, JobUnderTest job, LabSettings settings)
      throws Exception {
    RunningJob running = bench.submit(job, PARALLELISM);
    settings.say("%d sessions are live; killing %d TaskManagers", SESSIONS, settings.kills());
    List<Kill> kills;
    try (LiveSessions live = LiveSessions.of(bench.bootstrap(), settings.clips(), SESSIONS)) {
      kills =
          new KillSeries(bench.cluster(), List.of(running), new Random(settings.seed()))
              .run(settings.kills());
      TimeUnit.MILLISECONDS.sleep(RUN_ON_MS);
      settings.say("%d pictures were sent; waiting until all are judged", live.pictures());
    }
    bench.finish(running, job);
    return kills;
  }

  private static Outcome outcome(
      LabSettings settings,
      List<Kill> kills,
      List<SeenObservation> seen,
      Comparison comparison,
      long managedBytes) {
    Silences silences = Silences.of(kills, seen);
    boolean once = settings.delivery() == Delivery.EXACTLY_ONCE;
    List<Check> checks = new ArrayList<>();
    checks.add(Check.atLeast("kills, at least", kills.size(), settings.kills(), ""));
    checks.add(Check.atLeast("observations compared, at least", comparison.compared(), 1, ""));
    checks.add(Check.atMost("observations missing, at most", comparison.missing(), 0, ""));
    checks.add(Check.atMost("observations different, at most", comparison.different(), 0, ""));
    checks.add(
        Check.atMost(
            "observations of the killed run only, at most", comparison.unexpected(), 0, ""));
    checks.add(
        Check.atMost(
            "observations doubled, at most",
            comparison.doubled(),
            once ? 0 : comparison.compared(),
            ""));
    checks.add(
        Check.atMost(
            "from kill to the first new observation, longest, at most",
            silences.longestS(),
            NEW_WITHIN_S,
            "s"));
    checks.add(Check.atMost("managed memory in use at the end, at most", managedBytes, 0, "bytes"));
    return new Outcome(checks, notes(settings, silences, comparison), silences.chart());
  }

  private static String notes(LabSettings settings, Silences silences, Comparison comparison) {
    StringBuilder notes = new StringBuilder();
    notes.append(
        """
        Delivery: %s. Compared is everything but `timing`, the MD5 of every picture included, with a run of the same
        job over the same segments in which nothing is killed. Doubled observations have the identity and the content of
        one that was seen before; with `exactly-once` there is none for consumers of committed records.

        %s
        """
            .formatted(settings.delivery(), silences.table()));
    comparison.examples().forEach(example -> notes.append("\n- `").append(example).append('`'));
    return notes.toString();
  }
}
