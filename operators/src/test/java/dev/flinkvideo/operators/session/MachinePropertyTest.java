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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must be true whatever happens, over random faults and messages that are lost, doubled, late
 * and out of order. The seed is the name of the case; {@code -Dseed=N} runs one alone.
 */
class MachinePropertyTest {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long CHAOS_MS = 600_000;
  private static final long CALM_MS = 240_000;
  private static final int CASES = 300;

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
    return one == null ? LongStream.range(0, CASES) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void shouldKeepItsPromisesWhateverHappens(long seed) {
    Random random = new Random(seed);
    SimulatedSource[] sources = sources(random);
    MachineDecider decider = new MachineDecider(START_MS);
    Simulation simulation = new Simulation(decider, START_MS, 2_000, sources);
    SessionSpecification specification =
        specification(sources)
            .withPolicy(Policies.of(POLICIES.get(random.nextInt(POLICIES.size()))));
    simulation.specify(specification);
    disturb(simulation, specification, random);

    simulation.runTo(START_MS + CHAOS_MS);
    simulation.reportDelayMs = () -> 5;
    simulation.commandDelayMs = () -> 5;
    simulation.copies = () -> 1;
    simulation.alarm("black", false);
    simulation.runTo(START_MS + CHAOS_MS + CALM_MS);

    List<String> path = simulation.path();
    assertThat(simulation.state())
        .as("...%s %s", path.subList(Math.max(0, path.size() - 8), path.size()), status(decider))
        .isEqualTo(SessionState.STREAMING);
    holdSteps(decider);
    holdCommands(simulation.commands);
    SessionPolicy policy = SessionOptions.policy(new Configuration()).with(specification.policy());
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

  private static String status(MachineDecider decider) {
    long endMs = START_MS + CHAOS_MS + CALM_MS;
    return new String(JsonRecords.write(Statuses.of(decider.session, null, endMs)), UTF_8);
  }

  private static void holdSteps(MachineDecider decider) {
    for (Step step : decider.steps) {
      assertThat(step.session().deadlineMs)
          .as("no state may last for ever")
          .isLessThan(Long.MAX_VALUE);
      assertThat(step.changes()).hasSizeLessThanOrEqualTo(4);
      for (TrackedSource source : step.session().sources) {
        SessionPolicy policy =
            SessionOptions.policy(new Configuration()).with(step.session().overrides);
        long longestMs = Math.round(policy.backoff().maxMs() * (1 + policy.backoff().jitter())) + 1;
        assertThat(source.penalty.retryMs - START_MS)
            .isLessThanOrEqualTo(CHAOS_MS + CALM_MS + longestMs);
      }
    }
  }

  private static void holdCommands(List<SessionCommand> commands) {
    Map<Long, String> sourceOf = new HashMap<>();
    long newestEpoch = 0;
    SessionCommand before = null;
    for (SessionCommand command : commands) {
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
        assertThat(connection.epoch()).as("epochs grow").isGreaterThanOrEqualTo(newestEpoch);
        newestEpoch = connection.epoch();
      }
      if (before != null) {
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
            .filter(line -> line.change().reason() != Reason.PINNED)
            .map(Simulation.Line::atMs)
            .toList();
    return moves.stream()
        .mapToLong(
            fromMs -> moves.stream().filter(ms -> ms >= fromMs && ms < fromMs + windowMs).count())
        .max()
        .orElse(0);
  }
}
