package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SessionSpecification;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The rows of the table in docs/session.md, with a simulated gateway and time of its own; once for
 * the machine alone, once for the function in Flink's harness.
 */
abstract class Scenarios {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long GROUP_MS = 2_000;
  private static final long RECORD_MS = 5; // until a report is read, and until a command is
  private static final long NEVER = Long.MAX_VALUE;

  private final SimulatedSource truck = new SimulatedSource("truck", 200);
  private final SimulatedSource backup = new SimulatedSource("backup", 300);

  @Test
  void shouldMoveAtTheNextRecordWhenTheConnectionClosesAndAStandbyIsWarm() {
    truck.fails(Fault.DOWN, at(20_020), NEVER);
    Simulation simulation = run(standbys(1), 30_000);

    assertThat(simulation.state()).isEqualTo(SessionState.STREAMING);
    assertThat(simulation.path())
        .containsExactly(
            "connecting truck specified",
            "streaming truck live",
            "migrating backup closed",
            "streaming backup closed");
    assertThat(simulation.firstShownFrom("backup", at(20_000)))
        .isLessThanOrEqualTo(at(20_040) + 2 * RECORD_MS);
    assertThat(simulation.lost()).isZero();
  }

  @Test
  void shouldMoveAfterTheStallTimeWhenAStandbyIsWarm() {
    truck.fails(Fault.SILENT, at(20_020), NEVER);
    Simulation simulation = run(standbys(1), 30_000);

    assertThat(simulation.path()).endsWith("migrating backup stalled", "streaming backup stalled");
    long lastMs = at(20_000);
    assertThat(simulation.firstShownFrom("backup", lastMs))
        .isBetween(lastMs + 3_000, lastMs + 3_000 + 2 * RECORD_MS);
  }

  @Test
  void shouldConnectToAColdSourceWithoutWaiting() {
    truck.fails(Fault.DOWN, at(20_020), NEVER);
    Simulation simulation = run(null, 30_000);

    assertThat(simulation.path())
        .containsExactly(
            "connecting truck specified",
            "streaming truck live",
            "connecting backup closed",
            "streaming backup live");
    assertThat(simulation.firstShownFrom("backup", at(20_000)))
        .isLessThanOrEqualTo(at(20_040) + 2 * RECORD_MS + 300 + GROUP_MS);
  }

  @Test
  void shouldOpenTheNextSourceWhileAStalledOneIsKept() {
    truck.fails(Fault.SILENT, at(20_020), at(24_000));
    Simulation simulation = run(null, 40_000);

    assertThat(simulation.path())
        .startsWith("connecting truck specified", "streaming truck live", "stalled truck stalled");
    assertThat(simulation.state()).isEqualTo(SessionState.STREAMING);
  }

  @Test
  void shouldMoveAfterTheRaiseTimeWhenThePictureIsBlack() {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)));
    simulation.runTo(at(20_000));
    simulation.alarm("black", true);
    simulation.runTo(at(21_999));
    assertThat(simulation.path()).last().isEqualTo("streaming truck live");

    simulation.runTo(at(22_100));
    assertThat(simulation.path())
        .endsWith("migrating backup triggered", "streaming backup triggered");
    simulation.alarm("black", false);
    simulation.runTo(at(60_000));
    assertThat(simulation.lost()).isZero();
  }

  @Test
  void shouldStayWhenThePictureIsGoodAgainBeforeTheRaiseTime() {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)));
    simulation.runTo(at(20_000));
    simulation.alarm("black", true);
    simulation.runTo(at(21_000));
    simulation.alarm("black", false);
    simulation.runTo(at(40_000));

    assertThat(simulation.path()).last().isEqualTo("streaming truck live");
  }

  @Test
  void shouldHoldABadPictureAgainstTheNextSourceToo() {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)));
    simulation.runTo(at(20_000));
    simulation.alarm("black", true);
    simulation.runTo(at(30_000));

    assertThat(simulation.path())
        .containsSubsequence("streaming backup triggered", "migrating truck triggered");
  }

  /** The first picture of the next source may be judged before its gateway says that it is live. */
  @Test
  void shouldNotHoldAnAlarmAgainstTheNextSourceThatItsOwnPictureCleared() {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)));
    simulation.runTo(at(20_000));
    simulation.reportDelayMs = () -> 500;
    simulation.alarm("black", true);
    simulation.runTo(at(22_200));
    assertThat(simulation.state()).isEqualTo(SessionState.MIGRATING);
    simulation.alarm("black", false);
    simulation.runTo(at(30_000));

    assertThat(simulation.path())
        .endsWith("migrating backup triggered", "streaming backup triggered");
  }

  @Test
  void shouldQuarantineASourceThatFlaps() {
    for (long fromMs = 20_000; fromMs < 600_000; fromMs += 8_000) {
      truck.fails(Fault.DOWN, at(fromMs), at(fromMs + 4_000));
    }
    Simulation simulation = run(standbys(1), 600_000);

    long moves = simulation.lines.stream().filter(Moves::isMove).count();
    assertThat(moves).isOne(); // truck is never healthy for the hold time again
    assertThat(simulation.state()).isEqualTo(SessionState.STREAMING);
    long opened =
        simulation.commands.stream()
            .flatMap(command -> command.connections().stream())
            .filter(connection -> connection.source().name().equals("truck"))
            .mapToLong(connection -> connection.connection())
            .distinct()
            .count();
    assertThat(opened).isBetween(5L, 40L);
  }

  @Test
  void shouldReturnToThePreferredSourceAfterTheHoldTime() {
    truck.fails(Fault.DOWN, at(20_020), at(40_000));
    Simulation simulation = run(standbys(1), 120_000);

    assertThat(simulation.path())
        .endsWith("migrating truck preferred-healthy", "streaming truck preferred-healthy");
    long healthyMs =
        simulation.lines.stream()
            .filter(line -> line.change().reason() == Reason.PREFERRED_HEALTHY)
            .mapToLong(Simulation.Line::atMs)
            .min()
            .orElseThrow();
    assertThat(healthyMs).isBetween(at(50_000), at(40_000) + 36_000 + 200 + GROUP_MS + 10_100);
    assertThat(simulation.lost()).isZero();
  }

  @Test
  void shouldNotReturnWhenThePolicySaysNever() {
    truck.fails(Fault.DOWN, at(20_020), at(40_000));
    Simulation simulation = run(never(), 120_000);

    assertThat(simulation.path()).last().isEqualTo("streaming backup live");
  }

  @Test
  void shouldBackOffWhileAllSourcesAreDeadAndComeBackWithinOneStep() {
    truck.fails(Fault.DOWN, at(20_000), at(620_000));
    backup.fails(Fault.DOWN, at(20_000), at(620_000));
    Simulation simulation = run(null, 700_000);

    long[] attempts =
        simulation.commands.stream()
            .filter(command -> command.atMs() < at(620_000))
            .flatMap(command -> command.connections().stream())
            .filter(connection -> connection.source().name().equals("truck"))
            .mapToLong(connection -> connection.connection())
            .distinct()
            .toArray();
    long[] waits = new long[attempts.length - 1];
    Arrays.setAll(waits, i -> attempts[i + 1] - attempts[i]);
    long longest = Arrays.stream(waits).skip(2).max().orElseThrow();
    assertThat(longest).isBetween(24_000L, 36_000L + 400);
    long backMs =
        simulation.shown.values().stream()
            .filter(ms -> ms >= at(620_000))
            .findFirst()
            .orElseThrow();
    assertThat(backMs - at(620_000)).isLessThan(36_000 + 300 + GROUP_MS + 2 * RECORD_MS);
  }

  @Test
  void shouldMoveWhenAnOperatorSaysSoAndBackWhenThePinIsOver() {
    Simulation simulation = simulation();
    SessionSpecification plain = specification(null);
    simulation.specify(plain);
    simulation.runTo(at(20_000));
    simulation.specify(plain.withPin(new Pin("backup", at(60_000))));
    simulation.runTo(at(59_000));
    assertThat(simulation.path())
        .endsWith(
            "migrating backup pinned", "migrating backup target-ready", "streaming backup pinned");
    assertThat(simulation.lost()).isZero();

    simulation.runTo(at(90_000));
    assertThat(simulation.path()).last().isEqualTo("streaming truck preferred-healthy");
    assertThat(simulation.lost()).isZero();
  }

  @Test
  void shouldCloseEverythingWhenTheSessionIsRemoved() {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)));
    simulation.runTo(at(20_000));
    simulation.remove();

    assertThat(simulation.state()).isEqualTo(SessionState.CLOSED);
    assertThat(simulation.commands.get(simulation.commands.size() - 1).isEmpty()).isTrue();
  }

  private Simulation run(PolicyOverrides policy, long forMs) {
    Simulation simulation = simulation();
    simulation.specify(specification(policy));
    simulation.runTo(at(forMs));
    return simulation;
  }

  private Simulation simulation() {
    return new Simulation(decider(START_MS), START_MS, GROUP_MS, truck, backup);
  }

  abstract Decider decider(long startMs);

  private SessionSpecification specification(PolicyOverrides policy) {
    return SessionSpecification.of("lobby", truck.specification(), backup.specification())
        .withPolicy(policy);
  }

  private static long at(long ms) {
    return START_MS + ms;
  }

  private static PolicyOverrides standbys(int standbys) {
    return Policies.of("{'standbys':%d}".formatted(standbys));
  }

  private static PolicyOverrides never() {
    return Policies.of("{'returnToPreferred':false}");
  }
}
