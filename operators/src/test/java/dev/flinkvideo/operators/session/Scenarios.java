package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.operators.session.SimulatedSource.Line;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionSpecification;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rows of the table in docs/session.md, with a simulated gateway and time of its own; once for
 * the machine alone, once for the function in Flink's harness.
 */
abstract class Scenarios {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long GROUP_MS = 2_000;
  private static final long RECORD_MS = 5; // until a report is read, and until a command is
  private static final long NEVER = Long.MAX_VALUE;

  /** What gateways measure: by default just good, and just bad. */
  enum Measured {
    LOSS("loss", 0.1, 0.11),
    LATE("late", 5_000, 5_001),
    LOW_BITRATE("low-bitrate", 100_000, 99_999),
    KEY_FRAME_INTERVAL("key-frame-interval", 15_000, 15_001);

    private final String trigger;
    private final double good;
    private final double bad;

    Measured(String trigger, double good, double bad) {
      this.trigger = trigger;
      this.good = good;
      this.bad = bad;
    }

    private Line good() {
      return line(good);
    }

    private Line bad() {
      return line(bad);
    }

    private Line line(double value) {
      long whole = (long) value;
      return switch (this) {
        case LOSS -> new Line(null, null, value, null);
        case LATE -> new Line(null, null, null, whole);
        case LOW_BITRATE -> new Line(whole, null, null, null);
        case KEY_FRAME_INTERVAL -> new Line(null, whole, null, null);
      };
    }
  }

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

  @ParameterizedTest
  @ValueSource(strings = {"black", "frozen"})
  void shouldMoveAfterTheRaiseTimeWhenThePictureIsBad(String alarm) {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)));
    simulation.runTo(at(20_000));
    simulation.alarm(alarm, true);
    simulation.runTo(at(21_999));
    assertThat(simulation.path()).last().isEqualTo("streaming truck live");

    simulation.runTo(at(22_100));
    assertThat(simulation.path())
        .endsWith("migrating backup triggered", "streaming backup triggered");
    simulation.alarm(alarm, false);
    simulation.runTo(at(60_000));
    assertThat(simulation.lost()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void shouldMoveAfterTheRaiseTimeWhenTheLineIsBad(Measured measured) {
    truck.hasLine(measured.good(), at(0)).hasLine(measured.bad(), at(20_000));
    Simulation simulation = simulation();
    simulation.specify(
        specification(
            Policies.of(
                "{'standbys':1,'triggers':{'%s':{'raiseMs':3000}}}".formatted(measured.trigger))));
    simulation.runTo(at(20_000 + RECORD_MS + 2_999));
    assertThat(simulation.path()).last().isEqualTo("streaming truck live");

    simulation.runTo(at(20_000 + RECORD_MS + 3_000));
    assertThat(simulation.path()).last().isEqualTo("migrating backup triggered");
    simulation.runTo(at(60_000));
    assertThat(simulation.path())
        .as("and does not return to a line that is still bad")
        .endsWith("migrating backup triggered", "streaming backup triggered");
    assertThat(simulation.lost()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveTheMoveUpWhenTheLineIsGoodAgainForTheClearTime(Measured measured) {
    truck.hasLine(measured.bad(), at(20_000)).hasLine(measured.good(), at(25_000));
    backup.fails(Fault.UNREACHABLE, at(0), NEVER);
    Simulation simulation = simulation();
    simulation.specify(
        specification(
            Policies.of(
                "{'connectWithinMs':60000,'triggers':{'%s':{'raiseMs':3000,'clearMs':4000}}}"
                    .formatted(measured.trigger))));
    simulation.runTo(at(25_000 + RECORD_MS + 3_999));
    assertThat(simulation.path()).last().isEqualTo("migrating backup triggered");

    simulation.runTo(at(25_000 + RECORD_MS + 4_000));
    assertThat(simulation.path()).last().isEqualTo("streaming truck cleared");
  }

  @Test
  void shouldStayWhereTheLineIsBadByATriggerThatIsOff() {
    truck.hasLine(Measured.LATE.bad(), at(20_000));
    Simulation simulation = run(standbys(1), 60_000);

    assertThat(simulation.path()).last().isEqualTo("streaming truck live");
  }

  @Test
  void shouldLeaveABadPictureBeforeTheNextSourceIsOpenWhereThePolicySaysSo() {
    Simulation simulation = simulation();
    simulation.specify(specification(Policies.of("{'makeBeforeBreak':false}")));
    simulation.runTo(at(20_000));
    simulation.alarm("black", true);
    simulation.runTo(at(22_100));

    assertThat(simulation.path()).last().isEqualTo("connecting backup triggered");
    assertThat(last(simulation.commands).connections())
        .as("the one in use is closed at once")
        .singleElement()
        .matches(connection -> connection.source().name().equals("backup"))
        .matches(connection -> connection.role() == Role.LIVE);
    simulation.alarm("black", false);
    simulation.runTo(at(26_000));
    assertThat(simulation.path()).last().isEqualTo("streaming backup live");
  }

  @Test
  void shouldKeepThePictureUntilTheNextSourceHasAKeyFrame() {
    Simulation simulation = simulation();
    simulation.specify(specification(null));
    simulation.runTo(at(20_000));
    simulation.alarm("black", true);
    simulation.runTo(at(22_100));

    assertThat(simulation.path()).last().isEqualTo("migrating backup triggered");
    assertThat(last(simulation.commands).connections())
        .extracting(connection -> connection.source().name() + " " + connection.role())
        .containsExactly("truck LIVE", "backup STANDBY");
  }

  @Test
  void shouldGiveUpASourceWithoutAKeyFrame() {
    truck.fails(Fault.SILENT, at(0), NEVER);
    Simulation simulation = simulation();
    simulation.specify(specification(Policies.of("{'firstSegmentWithinMs':4000}")));
    long openedMs = 200 + 2 * RECORD_MS;
    simulation.runTo(at(openedMs + 3_999));
    assertThat(simulation.path()).last().isEqualTo("connecting truck specified");

    simulation.runTo(at(openedMs + 4_000));
    assertThat(simulation.path()).last().isEqualTo("connecting backup no-key-frame");
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
  void shouldLeaveASourceThatFlapsAloneUntilItsQuarantineEnds() {
    flap(1_300_000);
    Simulation simulation = run(standbys(1), 1_200_000);

    long moves = simulation.lines.stream().filter(Moves::isMove).count();
    assertThat(moves).isOne(); // truck is never healthy for the hold time again
    assertThat(simulation.state()).isEqualTo(SessionState.STREAMING);
    assertLeftAlone(simulation, 600_000);
  }

  /** Five breaks, and four returns between them. */
  @Test
  void shouldMoveNotOnceMoreThanThePolicySays() {
    flap(1_300_000);
    Simulation simulation =
        run(
            Policies.of(
                "{'standbys':1,'returnAfterMs':500,'backoffInitialMs':500,'backoffMaxMs':500,"
                    + "'quarantineMs':200000}"),
            220_000);

    assertThat(simulation.lines.stream().filter(Moves::isMove)).hasSize(9);
    assertThat(simulation.path()).last().isEqualTo("streaming backup closed");
    simulation.runTo(at(300_000));
    assertLeftAlone(simulation, 200_000);
  }

  /** Down for four seconds, and up for four. */
  private void flap(long untilMs) {
    for (long fromMs = 20_000; fromMs < untilMs; fromMs += 8_000) {
      truck.fails(Fault.DOWN, at(fromMs), at(fromMs + 4_000));
    }
  }

  /** The truck was quarantined at its fifth break; no command names it until that is over. */
  private static void assertLeftAlone(Simulation simulation, long quarantineMs) {
    long fromMs = simulation.quarantines.get(0).atMs();
    long toMs = fromMs + quarantineMs;
    assertThat(simulation.quarantines.get(0).source()).isEqualTo("truck");
    List<SessionCommand> naming =
        simulation.commands.stream()
            .filter(
                command ->
                    command.connections().stream()
                        .anyMatch(connection -> connection.source().name().equals("truck")))
            .toList();
    assertThat(naming).extracting(SessionCommand::atMs).noneMatch(ms -> ms >= fromMs && ms < toMs);
    assertThat(naming).as("then it is tried again").anyMatch(command -> command.atMs() == toMs);
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
  void shouldStayAtABadPictureUntilThePinIsOver() {
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)).withPin(new Pin("truck", at(40_000))));
    simulation.runTo(at(20_000));
    simulation.alarm("black", true);
    simulation.runTo(at(39_999));
    assertThat(simulation.path()).last().isEqualTo("streaming truck live");

    simulation.runTo(at(40_000));
    assertThat(simulation.path()).last().isEqualTo("migrating backup triggered");
  }

  @Test
  void shouldLeaveAPinnedSourceThatIsLost() {
    truck.fails(Fault.DOWN, at(20_020), NEVER);
    Simulation simulation = simulation();
    simulation.specify(specification(standbys(1)).withPin(new Pin("truck", at(90_000))));
    simulation.runTo(at(30_000));

    assertThat(simulation.path())
        .startsWith(
            "connecting truck specified",
            "streaming truck live",
            "migrating backup closed",
            "streaming backup closed");
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

  private static <T> T last(List<T> all) {
    return all.get(all.size() - 1);
  }

  private static PolicyOverrides standbys(int standbys) {
    return Policies.of("{'standbys':%d}".formatted(standbys));
  }

  private static PolicyOverrides never() {
    return Policies.of("{'returnToPreferred':false}");
  }
}
