package dev.flinkvideo.operators.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must be true whatever happens, over random faults, messages that are lost, doubled, late and
 * out of order, operators' moves, and workers that are killed and come back with an old checkpoint.
 * The seed is the name of the case; {@code -Dseed=N} runs one alone, {@code -Dcases=N} so many.
 */
class MachinePropertyTest {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long CHAOS_MS = 600_000;
  private static final long CALM_MS = 240_000;
  private static final long END_MS = START_MS + CHAOS_MS + CALM_MS;
  private static final long CHECKPOINT_MS = 10_000;
  private static final int MOST_KILLS = 6;

  private static final Set<Reason> BY_HAND_OR_BY_KILL = EnumSet.of(Reason.PINNED, Reason.ADOPTED);

  private static final List<String> POLICIES =
      List.of(
          "{}",
          "{'standbys':1}",
          "{'standbys':2,'returnAfterMs':2000,'quarantineMs':60000}",
          "{'makeBeforeBreak':false,'returnAfterMs':0}",
          "{'failuresBeforeNext':3,'standbys':1}",
          "{'returnToPreferred':false,'backoffInitialMs':100,'backoffMaxMs':2000,'resetAfterMs':1000}",
          "{'quarantineFlaps':1,'quarantineMs':1000,'quarantineWindowMs':30000,'standbys':15}",
          "{'stallAfterMs':2500,'connectWithinMs':500,'firstSegmentWithinMs':3000}");

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    return one == null ? LongStream.range(0, Integer.getInteger("cases", 300)) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void shouldKeepItsPromisesWhateverHappens(long seed) {
    Random random = new Random(seed);
    SimulatedSource[] sources = sources(random);
    CrashingDecider decider = new CrashingDecider(START_MS);
    Simulation simulation = new Simulation(decider, START_MS, 2_000, sources);
    SessionSpecification specification =
        specification(sources)
            .withPolicy(Policies.of(POLICIES.get(random.nextInt(POLICIES.size()))));
    simulation.specify(specification);
    disturb(simulation, specification, random);
    kill(simulation, decider, random);

    simulation.runTo(START_MS + CHAOS_MS);
    simulation.reportDelayMs = () -> 5;
    simulation.commandDelayMs = () -> 5;
    simulation.copies = () -> 1;
    simulation.alarm("black", false);
    simulation.runTo(END_MS);

    holdEnd(simulation, decider);
    SessionPolicy policy = SessionOptions.policy(new Configuration()).with(specification.policy());
    holdSteps(decider, policy);
    holdCommands(simulation.commands, decider.commandsBeforeKill);
    long mostMoves = policy.mostMovesPerWindow(sources.length);
    assertThat(mostMovesInAnyWindow(simulation, policy.quarantineWindowMs()))
        .isLessThanOrEqualTo(mostMoves);
  }

  private static SimulatedSource[] sources(Random random) {
    SimulatedSource[] sources = new SimulatedSource[1 + random.nextInt(4)];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = new SimulatedSource("s" + i, 20 + random.nextInt(400));
      long atMs = START_MS + random.nextInt(60_000);
      while (atMs < START_MS + CHAOS_MS) {
        long forMs = 1 + (long) (random.nextDouble() * random.nextDouble() * 120_000);
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        sources[i].fails(fault, atMs, Math.min(atMs + forMs, START_MS + CHAOS_MS));
        atMs += forMs + random.nextInt(60_000);
      }
    }
    return sources;
  }

  private static SessionSpecification specification(SimulatedSource... sources) {
    List<SourceSpecification> list = new ArrayList<>();
    for (SimulatedSource source : sources) {
      list.add(source.specification());
    }
    return new SessionSpecification(1, "lobby", list, null, null);
  }

  private static void disturb(
      Simulation simulation, SessionSpecification specification, Random random) {
    int loss = random.nextInt(30);
    simulation.copies = () -> random.nextInt(100) < loss ? 0 : random.nextInt(100) < 5 ? 2 : 1;
    int delayMs = 1 + random.nextInt(1_500);
    simulation.reportDelayMs = () -> 1 + random.nextInt(delayMs);
    simulation.commandDelayMs = () -> 1 + random.nextInt(200);
    for (int i = 0; i < 20; i++) {
      boolean raised = random.nextBoolean();
      simulation.at(
          START_MS + random.nextInt((int) CHAOS_MS), () -> simulation.alarm("black", raised));
    }
    for (int i = 0; i < 5; i++) {
      long atMs = START_MS + random.nextInt((int) CHAOS_MS);
      String source =
          specification.sources().get(random.nextInt(specification.sources().size())).name();
      Pin pin = random.nextBoolean() ? new Pin(source, atMs + random.nextInt(60_000)) : null;
      simulation.at(atMs, () -> simulation.specify(specification.withPin(pin)));
    }
  }

  /**
   * The worker dies; another one goes on from the checkpoint, with or without the reports since.
   */
  private static void kill(Simulation simulation, CrashingDecider decider, Random random) {
    for (long atMs = 0; atMs < CHAOS_MS; atMs += CHECKPOINT_MS) {
      simulation.at(START_MS + atMs, decider::checkpoint);
    }
    int kills = random.nextInt(MOST_KILLS + 1);
    long eachMs = CHAOS_MS / MOST_KILLS;
    for (int i = 0; i < kills; i++) {
      long killMs = START_MS + i * eachMs + random.nextInt((int) eachMs / 2);
      long restoreMs = killMs + 1 + random.nextInt((int) eachMs / 2);
      boolean reportsAreLost = random.nextBoolean();
      simulation.at(killMs, decider::kill);
      simulation.at(
          restoreMs,
          () ->
              decider
                  .restore(
                      simulation.nowMs,
                      signal -> signal instanceof Signal.Specified || !reportsAreLost)
                  .forEach(simulation::signal));
    }
  }

  private static void holdEnd(Simulation simulation, CrashingDecider decider) {
    List<String> path = simulation.path();
    String end =
        "...%s %s"
            .formatted(
                path.subList(Math.max(0, path.size() - 8), path.size()),
                new String(JsonRecords.write(Statuses.of(decider.session(), null, END_MS)), UTF_8));
    assertThat(simulation.state()).as(end).isEqualTo(SessionState.STREAMING);
    assertThat(simulation.shown.lastKey() * Simulation.FRAME_MS)
        .as("what streams is on the log: %s", end)
        .isGreaterThan(END_MS - 1_000);
  }

  private static void holdSteps(CrashingDecider decider, SessionPolicy policy) {
    for (CrashingDecider.Taken taken : decider.taken) {
      Session after = taken.step().session();
      assertThat(after.deadlineMs)
          .as("no state may last for ever")
          .isGreaterThan(taken.atMs())
          .isLessThan(Long.MAX_VALUE);
      assertThat(taken.step().changes()).hasSizeLessThanOrEqualTo(4);
      for (TrackedSource source : after.sources) {
        TrackedSource before = taken.before().source(source.name);
        holdWait(taken, source.penalty, before, policy.backoff());
        holdQuarantine(taken, source, before);
      }
    }
  }

  /**
   * A wait that begins in a step is as long as the failures in a row say, give or take the jitter.
   */
  private static void holdWait(
      CrashingDecider.Taken taken, Penalty penalty, TrackedSource before, Backoff backoff) {
    boolean begins =
        penalty.retryMs > taken.atMs()
            && (before == null || penalty.retryMs != before.penalty.retryMs);
    if (!begins) {
      return;
    }
    double plainMs =
        Math.min(
            backoff.maxMs(),
            backoff.initialMs() * Math.pow(backoff.factor(), penalty.failures - 1.0));
    assertThat((double) (penalty.retryMs - taken.atMs()))
        .as("after %d failures", penalty.failures)
        .isBetween(plainMs * (1 - backoff.jitter()) - 1, plainMs * (1 + backoff.jitter()) + 1);
  }

  /** A source in quarantine is opened if an operator wants it, or all others must wait too. */
  private static void holdQuarantine(
      CrashingDecider.Taken taken, TrackedSource source, TrackedSource before) {
    Session after = taken.step().session();
    long nowMs = taken.atMs();
    boolean opened =
        source.phase == Phase.OPENING && (before == null || before.connection != source.connection);
    Pin pin = after.pinInForce(nowMs);
    boolean pinned = pin != null && pin.source().equals(source.name);
    if (!opened || pinned || !source.penalty.isQuarantined(nowMs)) {
      return;
    }
    assertThat(after.sources)
        .as("%s was opened although it is quarantined", source.name)
        .filteredOn(other -> other != source)
        .allMatch(
            other ->
                !other.isWanted()
                    && (other.penalty.isWaiting(nowMs) || other.penalty.isQuarantined(nowMs)));
  }

  private static void holdCommands(List<SessionCommand> commands, List<Integer> kills) {
    Map<Long, String> sourceOf = new HashMap<>();
    Map<Long, Long> connectionOf = new HashMap<>();
    long newestEpoch = 0;
    SessionCommand before = null;
    for (int i = 0; i < commands.size(); i++) {
      SessionCommand command = commands.get(i);
      List<DesiredConnection> live =
          command.connections().stream().filter(c -> c.role() == Role.LIVE).toList();
      assertThat(live).as("at most one is live").hasSizeLessThanOrEqualTo(1);
      for (DesiredConnection connection : command.connections()) {
        String source = connection.source().name();
        assertThat(sourceOf.computeIfAbsent(connection.connection(), number -> source))
            .as("a number is one connection")
            .isEqualTo(source);
      }
      for (DesiredConnection connection : live) {
        boolean begins = !connectionOf.containsKey(connection.epoch());
        assertThat(connection.epoch() > newestEpoch)
            .as("epochs grow strictly: %s after %s", connection, newestEpoch)
            .isEqualTo(begins);
        assertThat(connectionOf.computeIfAbsent(connection.epoch(), e -> connection.connection()))
            .as("an epoch is one turn of one connection")
            .isEqualTo(connection.connection());
        newestEpoch = connection.epoch();
      }
      if (before != null && !kills.contains(i)) { // the first after a kill may say what was said
        assertThat(
                command.connections().equals(before.connections())
                    && command.awaited().equals(before.awaited()))
            .as("nothing is commanded twice")
            .isFalse();
      }
      before = command;
    }
  }

  private static long mostMovesInAnyWindow(Simulation simulation, long windowMs) {
    List<Long> moves =
        simulation.lines.stream()
            .filter(Moves::isMove)
            .filter(line -> !BY_HAND_OR_BY_KILL.contains(line.change().reason()))
            .map(Simulation.Line::atMs)
            .toList();
    return moves.stream()
        .mapToLong(
            fromMs -> moves.stream().filter(ms -> ms >= fromMs && ms < fromMs + windowMs).count())
        .max()
        .orElse(0);
  }
}
