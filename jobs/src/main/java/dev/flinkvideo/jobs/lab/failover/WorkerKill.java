package dev.flinkvideo.jobs.lab.failover;

import static dev.flinkvideo.jobs.lab.failover.Scenario.BACKUP;
import static dev.flinkvideo.jobs.lab.failover.Scenario.TRUCK;

import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.lab.Kill;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One session in each state when the worker that holds them is killed: each stands where it stood
 * when the job is back, nothing is commanded until something happens, and each goes on from there.
 * One thread, the caller's.
 */
final class WorkerKill {
  /** Nothing but what is done to the sources ends a state. */
  private static final String PATIENT =
      """
      {"connectWithinMs":300000,"firstSegmentWithinMs":300000,"backoffInitialMs":60000,"backoffMaxMs":60000,
       "backoffJitter":0}""";

  private static final List<String> STATES =
      List.of("connecting", "streaming", "stalled", "reconnecting", "migrating");
  private static final String IDLE = "idle";
  private static final String CLOSED = "closed";
  private static final Duration SETTLED = Duration.ofSeconds(6);
  private static final double RUNNING_WITHIN_S = 30;

  private final Sources sources;
  private final Operator operator;
  private final long idleConnection = System.currentTimeMillis();

  private Kill kill;
  private long provokedMs;

  /** Kills a worker and returns when all tasks run again. */
  @FunctionalInterface
  interface Killing {
    Kill kill() throws Exception;
  }

  WorkerKill(Sources sources, Operator operator) {
    this.sources = sources;
    this.operator = operator;
  }

  void run(Killing killing) throws Exception {
    park();
    kill = killing.kill();
    TimeUnit.MILLISECONDS.sleep(SETTLED.toMillis());
    provokedMs = System.currentTimeMillis();
    provoke();
    for (String state : STATES) {
      operator.awaitState(session(state), "streaming");
    }
    operator.awaitState(session(IDLE), "streaming");
  }

  private void park() throws Exception {
    sources.add(session("connecting"), TRUCK);
    sources.set(session("connecting"), TRUCK, Condition.UNANSWERED); // before it could answer
    for (String state : STATES) {
      put(state);
    }
    put(CLOSED);
    for (String state : List.of("streaming", "stalled", "reconnecting", "migrating", CLOSED)) {
      operator.awaitState(session(state), "streaming");
    }
    sources.set(session("stalled"), TRUCK, Condition.SILENT);
    sources.set(session("reconnecting"), TRUCK, Condition.CLOSED);
    operator.put(
        Operator.specification(
                session("migrating"),
                PATIENT,
                sources.add(session("migrating"), TRUCK),
                unanswered(session("migrating")))
            .withPin(new Pin(BACKUP, Long.MAX_VALUE)));
    operator.remove(session(CLOSED));
    reportIdle();
    for (String state : STATES) {
      operator.awaitState(session(state), state);
    }
    operator.awaitState(session(IDLE), IDLE);
    operator.awaitGone(session(CLOSED));
  }

  private SourceSpecification unanswered(String session) throws IOException {
    SourceSpecification source = sources.add(session, BACKUP);
    sources.set(session, BACKUP, Condition.UNANSWERED);
    return source;
  }

  private void put(String state) throws Exception {
    operator.put(
        Operator.specification(session(state), PATIENT, sources.add(session(state), TRUCK)));
  }

  /** A gateway knows a session that nobody has specified. */
  private void reportIdle() throws Exception {
    ConnectionReport report =
        ConnectionReport.builder(ReportKind.STATISTICS, "forgotten")
            .source(session(IDLE), TRUCK)
            .connection(idleConnection)
            .role(Role.STANDBY)
            .statistics(new ConnectionStatistics(0, 1, 1, null, null, null, null, null, null, null))
            .build(System.currentTimeMillis());
    operator.report(report);
  }

  /** Something that makes each go on. */
  private void provoke() throws Exception {
    sources.set(session("connecting"), TRUCK, Condition.GOOD);
    sources.set(session("streaming"), TRUCK, Condition.SILENT);
    sources.set(session("stalled"), TRUCK, Condition.GOOD);
    sources.set(session("reconnecting"), TRUCK, Condition.GOOD);
    sources.set(session("migrating"), BACKUP, Condition.GOOD);
    put(IDLE);
    operator.awaitState(session("streaming"), "stalled");
    sources.set(session("streaming"), TRUCK, Condition.GOOD);
  }

  List<Check> checks(Played played) throws Exception {
    int same = 0;
    long commands = 0;
    for (String state : all()) {
      same += state.equals(after(state, played)) ? 1 : 0;
      for (SessionCommand command : played.commands(session(state))) {
        commands += command.atMs() > kill.atMs() && command.atMs() < provokedMs ? 1 : 0;
      }
    }
    boolean stayedClosed = operator.status(session(CLOSED)) == null;
    return List.of(
        Check.atLeast("worker killed: sessions as they were, at least", same, all().size(), ""),
        Check.atMost("worker killed: commands that nothing asked for, at most", commands, 0, ""),
        Check.atMost("worker killed: removed and back, at most", stayedClosed ? 0 : 1, 0, ""),
        Check.atMost(
            "worker killed: until all tasks ran again, at most",
            (kill.runningMs() - kill.atMs()) / 1e3,
            RUNNING_WITHIN_S,
            "s"));
  }

  String notes(Played played) throws Exception {
    StringBuilder notes =
        new StringBuilder(
            "Killed was %s, with one session in each state; all tasks ran again after %.1f s.%n%n| stood in | left after the restore from |%n|---|---|%n"
                .formatted(kill.taskManager(), (kill.runningMs() - kill.atMs()) / 1e3));
    for (String state : all()) {
      notes.append("| %s | %s |%n".formatted(state, after(state, played)));
    }
    return notes.append("| closed | nothing: it is gone |\n").toString();
  }

  /** From which state the first change after the kill went. */
  private String after(String state, Played played) throws Exception {
    return played.events(session(state)).stream()
        .filter(event -> event.kind() == EventKind.SESSION_CHANGED)
        .filter(event -> event.atUs() / 1_000 > kill.atMs())
        .map(event -> event.atUs() / 1_000 < provokedMs ? byItself(event) : event.from())
        .findFirst()
        .orElse("nothing");
  }

  private static String byItself(Event event) {
    return "%s, by itself: %s".formatted(event.from(), event.name());
  }

  private static List<String> all() {
    List<String> all = new ArrayList<>(STATES);
    all.add(IDLE);
    return all;
  }

  private static String session(String state) {
    return "kept-" + state;
  }
}
