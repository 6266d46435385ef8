package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.jobs.lab.Bench;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.lab.Experiment;
import dev.flinkvideo.jobs.lab.JobUnderTest;
import dev.flinkvideo.jobs.lab.KillSeries;
import dev.flinkvideo.jobs.lab.LabSettings;
import dev.flinkvideo.jobs.lab.Outcome;
import dev.flinkvideo.jobs.lab.SvgChart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Sources are closed, silenced, blackened and mended while sessions are live, one session for each
 * way to fail; then a worker is killed with a session in every state.
 */
public final class FailoverExperiment implements Experiment {
  private static final int PARALLELISM = 2;

  /** Every picture of every session is judged, however late: what is missing was lost. */
  private static final List<String> OPTIONS =
      List.of(
          "--observe", "frame", "--decode.sessions", "complete", "--session.forget-after", "10min");

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public String description() {
    return "Sources close, stall, go black, flap and come back, a worker is killed in every state; sessions move in time.";
  }

  @Override
  public Outcome run(LabSettings settings) throws Exception {
    return switch (settings.transport()) {
      case simulated -> simulated(settings);
      case real -> new RealFailover(settings, settings.logs(this)).run();
    };
  }

  private Outcome simulated(LabSettings settings) throws Exception {
    JobUnderTest job = new JobUnderTest(name(), Delivery.AT_LEAST_ONCE, OPTIONS);
    List<Path> clips = settings.clips();
    settings.say("starting a Kafka broker, a JobManager and a TaskManager");
    try (Bench bench = Bench.setUp(settings.installation(), settings.logs(this), 1, Map.of())) {
      RunningJob running = bench.submit(job, PARALLELISM);
      settings.say("encoding the programme");
      try (Sources sources =
              new SimulatedSources(
                  bench.bootstrap(), job.written().commands(), clips.get(clips.size() - 1));
          Operator operator = new Operator(bench.bootstrap(), job.written())) {
        List<Scenario> scenarios = Scenarios.of(sources, settings.outage());
        FailoverRun run = new FailoverRun(sources, operator, scenarios);
        settings.say("%d sessions, %d s", scenarios.size(), seconds(scenarios));
        run.play();
        run.remove();
        settings.say("a session in every state; killing the worker");
        WorkerKill kill = new WorkerKill(sources, operator);
        kill.run(
            () ->
                new KillSeries(bench.cluster(), List.of(running), new Random(settings.seed()))
                    .run(1)
                    .get(0));
        bench.finish(running, job);
        Played played = Played.read(bench.bootstrap(), job.written());
        keepOfFailed(scenarios, run, played, settings.logs(this));
        return outcome(scenarios, run.seen(played), kill, played);
      }
    }
  }

  /** Somebody will want to see what came of a session that did not do what it must. */
  private static void keepOfFailed(
      List<Scenario> scenarios, FailoverRun run, Played played, Path logs) throws Exception {
    List<SeenSession> seen = run.seen(played);
    for (int i = 0; i < seen.size(); i++) {
      if (!scenarios.get(i).checksOf(seen.get(i)).stream().allMatch(Check::passed)) {
        played.write(run.session(i), logs);
      }
    }
  }

  private static long seconds(List<Scenario> scenarios) {
    return scenarios.stream().mapToLong(one -> one.length().toSeconds()).max().orElse(0);
  }

  private static Outcome outcome(
      List<Scenario> scenarios, List<SeenSession> seen, WorkerKill kill, Played played)
      throws Exception {
    List<Check> checks = new ArrayList<>();
    SvgChart chart = new SvgChart("Pictures judged in each second", "s", "pictures");
    StringBuilder table =
        new StringBuilder(
            """
            Time to detect is from the fault to the first decision; time to move until the first picture of another source is on
            the log, and in brackets until it is judged, which takes as long as the machine is busy; lost and doubled are pictures
            of the programme, between the first and the last that was judged; flaps are moves beyond those that were needed.

            | scenario | must | detect | move (judged) | lost | doubled | moves | flaps |
            |---|---|--:|--:|--:|--:|--:|--:|
            """);
    for (int i = 0; i < seen.size(); i++) {
      Scenario scenario = scenarios.get(i);
      checks.addAll(scenario.checksOf(seen.get(i)));
      table.append(row(scenario, seen.get(i)));
    }
    checks.addAll(kill.checks(played));
    for (int i : List.of(0, 1, 2)) {
      chart.line(scenarios.get(i).name(), seen.get(i).perSecond(seen.get(i).faultMs() - 5_000));
    }
    chart.mark("fault", 5);
    return new Outcome(checks, table + "\n" + kill.notes(played), chart);
  }

  private static String seconds(double seconds) {
    return Double.isNaN(seconds) ? "none" : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static String row(Scenario scenario, SeenSession seen) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s (%s) | %d | %d | %d | %d |%n",
        scenario.name(),
        scenario.must(),
        seconds(seen.detectSeconds()),
        seconds(seen.moveSeconds()),
        seconds(seen.judgedSeconds()),
        seen.lost(),
        seen.doubled(),
        seen.moves(),
        Math.max(0, seen.moves() - scenario.neededMoves()));
  }
}
