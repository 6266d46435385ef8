package dev.flinkvideo.jobs.lab.failover;

import static dev.flinkvideo.jobs.lab.failover.Scenario.BACKUP;
import static dev.flinkvideo.jobs.lab.failover.Scenario.TRUCK;

import dev.flinkvideo.jobs.lab.failover.SeenSession.Done;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Plays scenarios, all at once and each with a session of its own. One thread, the caller's. */
final class FailoverRun {
  private record Due(String session, Scenario.Step step) {}

  private final Sources sources;
  private final Operator operator;
  private final Map<String, Scenario> scenarios = new LinkedHashMap<>();
  private final Map<String, List<Done>> done = new HashMap<>();

  FailoverRun(Sources sources, Operator operator, List<Scenario> scenarios) {
    this.sources = sources;
    this.operator = operator;
    for (Scenario scenario : scenarios) {
      String session = "row-" + (this.scenarios.size() + 1);
      this.scenarios.put(session, scenario);
      done.put(session, new ArrayList<>());
    }
  }

  /** Returns when nothing more is to come of any, with all sessions still there. */
  void play() throws Exception {
    for (Map.Entry<String, Scenario> entry : scenarios.entrySet()) {
      String session = entry.getKey();
      operator.put(
          Operator.specification(
              session,
              entry.getValue().policy(),
              sources.add(session, TRUCK),
              sources.add(session, BACKUP)));
    }
    for (Map.Entry<String, Scenario> entry : scenarios.entrySet()) {
      operator.awaitState(entry.getKey(), "streaming");
      if (entry.getValue().policy().contains("\"standbys\"")) {
        operator.await(entry.getKey(), "warm", status -> status.isReady(BACKUP));
      }
    }
    long startNs = System.nanoTime();
    for (Due due : due()) {
      sleepUntil(startNs, due.step.at());
      sources.set(due.session, due.step.source(), due.step.condition());
      done.get(due.session).add(new Done(due.step, System.currentTimeMillis()));
    }
    for (Scenario scenario : scenarios.values()) {
      sleepUntil(startNs, scenario.length());
    }
  }

  /** Ends all sessions. */
  void remove() throws Exception {
    for (String session : scenarios.keySet()) {
      operator.remove(session);
    }
    for (String session : scenarios.keySet()) {
      operator.awaitGone(session);
    }
  }

  /** What the session of a scenario is called. */
  String session(int scenario) {
    return List.copyOf(scenarios.keySet()).get(scenario);
  }

  /** What came of each, in the order of the scenarios. */
  List<SeenSession> seen(Played played) throws Exception {
    List<SeenSession> seen = new ArrayList<>();
    for (String session : scenarios.keySet()) {
      seen.add(
          new SeenSession(
              done.get(session),
              played.events(session),
              played.commands(session),
              played.shown(session, sources::picture),
              sources.pictureSeconds()));
    }
    return seen;
  }

  private List<Due> due() {
    List<Due> due = new ArrayList<>();
    scenarios.forEach(
        (session, scenario) -> scenario.steps().forEach(step -> due.add(new Due(session, step))));
    due.sort(Comparator.comparing(one -> one.step.at()));
    return due;
  }

  private static void sleepUntil(long startNs, Duration at) throws InterruptedException {
    long leftNs = startNs + at.toNanos() - System.nanoTime();
    if (leftNs > 0) {
      TimeUnit.NANOSECONDS.sleep(leftNs);
    }
  }
}
