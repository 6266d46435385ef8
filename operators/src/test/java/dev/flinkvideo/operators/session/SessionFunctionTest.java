package dev.flinkvideo.operators.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.VersionRange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The function in Flink's harness: the scenarios, and what is Flink's part of it. */
class SessionFunctionTest extends Scenarios {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final SessionSpecification SPECIFICATION =
      SessionSpecification.of(
          "lobby",
          SourceSpecification.pull("truck", SourceTransport.SRT, "srt://truck:9000"),
          SourceSpecification.pull("backup", SourceTransport.SRT, "srt://backup:9000"));

  private final List<FunctionDecider> open = new ArrayList<>();

  @Override
  Decider decider(long startMs) {
    return open(startMs, null);
  }

  private FunctionDecider open(long nowMs, OperatorSubtaskState snapshot) {
    try {
      FunctionDecider decider = new FunctionDecider(nowMs, snapshot);
      open.add(decider);
      return decider;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() throws Exception {
    for (FunctionDecider decider : open) {
      decider.close();
    }
  }

  @Test
  void shouldHaveOneTimerASessionHoweverMuchIsReported() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    Simulation simulation = healthy(decider);
    for (long ms = 1_000; ms < 30_000; ms += 1_000) {
      simulation.runTo(NOW_MS + ms);
      assertThat(decider.harness.numProcessingTimeTimers()).isOne();
    }
  }

  @Test
  void shouldLeaveNothingOfSessionsThatCameAndWent() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    for (int i = 0; i < 1_000; i++) {
      SessionSpecification specification =
          new SessionSpecification(1, "s" + i, SPECIFICATION.sources(), null, null);
      decider.process(SessionRecord.Kind.SPECIFICATION, "s" + i, JsonRecords.write(specification));
    }
    assertThat(decider.stateEntries()).isEqualTo(1_000);
    assertThat(decider.harness.numProcessingTimeTimers()).isEqualTo(1_000);

    for (int i = 0; i < 1_000; i++) {
      decider.process(SessionRecord.Kind.SPECIFICATION, "s" + i, new byte[0]);
    }
    assertThat(decider.stateEntries()).isZero();
    assertThat(decider.harness.numProcessingTimeTimers()).isZero();
    assertThat(decider.commands()).filteredOn(SessionCommand::isEmpty).hasSize(1_000);
    assertThat(decider.statuses()).filteredOn(s -> s.state().equals("closed")).hasSize(1_000);
  }

  @Test
  void shouldShowHowASessionIsDecodedUntilItIsRemoved() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    tellDecoded(decider, 95); // of a feed that nobody has specified
    assertThat(decider.statuses()).isEmpty();
    assertThat(decider.stateEntries()).isZero();

    decider.process(SessionRecord.Kind.SPECIFICATION, JsonRecords.write(SPECIFICATION));
    assertThat(decider.statuses()).last().matches(status -> status.decoding() == null);
    tellDecoded(decider, 95);
    assertThat(decider.statuses())
        .last()
        .matches(status -> status.state().equals("connecting"))
        .matches(status -> status.decoding().latencyP50Ms() == 95);
    decider.process(SessionRecord.Kind.SPECIFICATION, new byte[0]);
    assertThat(decider.statuses())
        .last()
        .matches(status -> status.state().equals("closed"))
        .matches(status -> status.decoding().latencyP50Ms() == 95);
    int statuses = decider.statuses().size();
    tellDecoded(decider, 95);
    assertThat(decider.statuses()).hasSize(statuses);
    assertThat(decider.events())
        .as("it changes nothing")
        .extracting(Event::to)
        .containsExactly("connecting", "closed");
  }

  private static void tellDecoded(FunctionDecider decider, long latencyMs) throws Exception {
    Decoding decoding = new Decoding(Fidelity.ALL, 60, 5_000, latencyMs, latencyMs, null, NOW_MS);
    Event event = Event.builder("lobby", EventKind.DECODED).decoding(decoding).build(1);
    decider.process(SessionRecord.Kind.EVENT, JsonRecords.write(event));
  }

  @Test
  void shouldRejectAWrongSpecificationAndKeepTheOldOne() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    Simulation simulation = healthy(decider);
    simulation.runTo(NOW_MS + 10_000);
    int commands = decider.commands().size();
    decider.process(
        SessionRecord.Kind.SPECIFICATION,
        "{\"version\":1,\"session\":\"lobby\",\"sources\":[]}".getBytes(UTF_8));

    assertThat(decider.rejected())
        .singleElement()
        .matches(rejected -> rejected.reason() == RejectReason.INVALID);
    assertThat(decider.events())
        .last()
        .matches(event -> event.kind() == EventKind.SPECIFICATION_REJECTED)
        .matches(event -> event.message().equals("/sources: it has none: name 1 to 16"));
    assertThat(decider.state()).isEqualTo(SessionState.STREAMING);
    assertThat(decider.commands()).hasSize(commands);
  }

  @Test
  void shouldRejectWhatHasAnotherSessionsKey() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    decider.process(SessionRecord.Kind.SPECIFICATION, "hall", JsonRecords.write(SPECIFICATION));
    decider.process(SessionRecord.Kind.REPORT, "lobby", "nonsense".getBytes(UTF_8));

    assertThat(decider.rejected())
        .extracting(rejected -> rejected.reason())
        .containsExactly(RejectReason.KEY_MISMATCH, RejectReason.UNREADABLE);
    assertThat(decider.events())
        .singleElement()
        .matches(event -> event.kind() == EventKind.SPECIFICATION_REJECTED)
        .matches(event -> event.session().equals("hall"))
        .matches(event -> event.name().equals("key-mismatch"));
    assertThat(decider.stateEntries()).isZero();
  }

  @Test
  void shouldMakeNoEventOfAKeyThatCannotNameASession() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    for (String key : List.of("", "x".repeat(1_001))) {
      decider.process(SessionRecord.Kind.SPECIFICATION, key, JsonRecords.write(SPECIFICATION));
    }

    assertThat(decider.rejected())
        .extracting(rejected -> rejected.reason())
        .containsExactly(RejectReason.KEY_MISMATCH, RejectReason.KEY_MISMATCH);
    assertThat(decider.events()).isEmpty();
  }

  @Test
  void shouldSayWhenAGatewayReadsNoVersionThatItWrites() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    greet(decider, new VersionRange(1, 3));
    assertThat(decider.events()).isEmpty();

    greet(decider, new VersionRange(2, 3));
    assertThat(decider.events())
        .singleElement()
        .matches(event -> event.kind() == EventKind.GATEWAY_INCOMPATIBLE)
        .matches(event -> event.session().equals("gateway-1"));
  }

  /** A kill in every state: the state after the restore is the same, and nothing is said twice. */
  @Test
  void shouldGoOnWhereItWasWhenAWorkerIsKilledInAnyState() throws Exception {
    Set<SessionState> seen = EnumSet.noneOf(SessionState.class);
    FunctionDecider decider = open(NOW_MS, null);
    SimulatedSource truck =
        new SimulatedSource("truck", 200)
            .fails(SimulatedSource.Fault.SILENT, NOW_MS + 20_020, NOW_MS + 23_500)
            .fails(SimulatedSource.Fault.SILENT, NOW_MS + 25_000, NOW_MS + 60_000)
            .fails(SimulatedSource.Fault.DOWN, NOW_MS + 60_000, NOW_MS + 90_000);
    SimulatedSource backup =
        new SimulatedSource("backup", 300)
            .fails(SimulatedSource.Fault.DOWN, NOW_MS + 20_000, NOW_MS + 100_000);
    RestartingDecider restarting = new RestartingDecider(decider, seen);
    Simulation simulation = new Simulation(restarting, NOW_MS, 2_000, truck, backup);
    simulation.specify(SPECIFICATION);
    simulation.at(
        NOW_MS + 150_000,
        () -> simulation.specify(SPECIFICATION.withPin(new Pin("backup", NOW_MS + 200_000))));
    simulation.runTo(NOW_MS + 170_000);
    MachineDecider undisturbed = new MachineDecider(NOW_MS);
    Simulation reference = new Simulation(undisturbed, NOW_MS, 2_000, truck, backup);
    reference.specify(SPECIFICATION);
    reference.at(
        NOW_MS + 150_000,
        () -> reference.specify(SPECIFICATION.withPin(new Pin("backup", NOW_MS + 200_000))));
    reference.runTo(NOW_MS + 170_000);

    assertThat(seen)
        .contains(
            SessionState.CONNECTING,
            SessionState.STREAMING,
            SessionState.STALLED,
            SessionState.RECONNECTING,
            SessionState.MIGRATING);
    assertThat(simulation.path()).isEqualTo(reference.path());
    assertThat(roles(simulation)).isEqualTo(roles(reference)); // after a kill, under new epochs
    assertThat(simulation.shown).isEqualTo(reference.shown);
  }

  /** What was silent was the job: its reports are on the log, and not read yet. */
  @Test
  void shouldHoldNothingAgainstASourceThatItCouldNotHearWhileItWasDown() throws Exception {
    FunctionDecider before = open(NOW_MS, null);
    healthy(before).runTo(NOW_MS + 20_000);
    OperatorSubtaskState snapshot = before.harness.snapshot(1, NOW_MS + 20_000);

    FunctionDecider restored = open(NOW_MS + 50_000, snapshot);
    restored.advanceTo(NOW_MS + 50_001); // all deadlines have passed
    restored.advanceTo(NOW_MS + 52_999);
    assertThat(restored.state()).isEqualTo(SessionState.STREAMING);
    assertThat(restored.events()).isEmpty();
    assertThat(restored.commands()).isEmpty();

    restored.advanceTo(NOW_MS + 67_999); // a task that was slow to begin has read nothing yet
    assertThat(restored.events()).isEmpty();
    restored.advanceTo(NOW_MS + 68_001);
    assertThat(restored.events()).first().matches(event -> event.name().equals("gateway-gone"));
  }

  @Test
  void shouldMissAReportOnceOthersAreHeard() throws Exception {
    FunctionDecider before = open(NOW_MS, null);
    healthy(before).runTo(NOW_MS + 20_000);
    OperatorSubtaskState snapshot = before.harness.snapshot(1, NOW_MS + 20_000);

    FunctionDecider restored = open(NOW_MS + 50_000, snapshot);
    restored.advanceTo(NOW_MS + 57_000);
    byte[] report =
        JsonRecords.write(
            ConnectionReport.builder(ReportKind.STATISTICS, "gateway-1")
                .source("hall", "truck")
                .connection(1)
                .role(Role.STANDBY)
                .statistics(
                    new ConnectionStatistics(0, 1, 1, null, null, null, null, null, null, null))
                .build(NOW_MS + 57_000));
    restored.process(SessionRecord.Kind.REPORT, "hall", report);
    restored.advanceTo(NOW_MS + 59_999);
    assertThat(restored.state()).isEqualTo(SessionState.STREAMING);
    restored.advanceTo(NOW_MS + 60_001);
    assertThat(restored.events()).first().matches(event -> event.name().equals("gateway-gone"));
  }

  @Test
  void shouldNotTakeASourceThatStalledBeforeARestoreForRecovered() throws Exception {
    FunctionDecider before = open(NOW_MS, null);
    SimulatedSource truck =
        new SimulatedSource("truck", 200)
            .fails(SimulatedSource.Fault.SILENT, NOW_MS + 20_020, Long.MAX_VALUE);
    Simulation simulation = new Simulation(before, NOW_MS, 2_000, truck);
    simulation.specify(SessionSpecification.of("lobby", truck.specification()));
    simulation.runTo(NOW_MS + 25_000);
    assertThat(before.state()).isEqualTo(SessionState.STALLED);
    OperatorSubtaskState snapshot = before.harness.snapshot(1, NOW_MS + 25_000);

    FunctionDecider restored = open(NOW_MS + 50_000, snapshot);
    restored.advanceTo(NOW_MS + 50_001);
    restored.advanceTo(NOW_MS + 52_999);
    assertThat(restored.state()).isEqualTo(SessionState.STALLED);
    assertThat(restored.events()).isEmpty();
  }

  private static List<String> roles(Simulation simulation) {
    return simulation.commands.stream()
        .map(
            command ->
                command.connections().stream()
                    .map(connection -> connection.source().name() + " " + connection.role())
                    .toList()
                    .toString())
        .toList();
  }

  private final class RestartingDecider implements Decider {
    private final Set<SessionState> seen;
    private FunctionDecider decider;

    private RestartingDecider(FunctionDecider decider, Set<SessionState> seen) {
      this.decider = decider;
      this.seen = seen;
    }

    @Override
    public Decided decide(Signal signal, long nowMs) {
      Decided decided = decider.decide(signal, nowMs);
      if (seen.add(decider.state()) || !decided.changes().isEmpty()) {
        restart(nowMs);
      }
      return decided;
    }

    private void restart(long nowMs) {
      try {
        SessionState before = decider.state();
        OperatorSubtaskState snapshot = decider.harness.snapshot(1, nowMs);
        decider.close();
        open.remove(decider);
        decider = open(nowMs, snapshot);
        assertThat(decider.state()).isEqualTo(before);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long deadlineMs() {
      return decider.deadlineMs();
    }

    @Override
    public SessionState state() {
      return decider.state();
    }
  }

  private static Simulation healthy(FunctionDecider decider) {
    Simulation simulation =
        new Simulation(
            decider,
            NOW_MS,
            2_000,
            new SimulatedSource("truck", 200),
            new SimulatedSource("backup", 300));
    simulation.specify(SPECIFICATION);
    return simulation;
  }

  private static void greet(FunctionDecider decider, VersionRange reads) throws Exception {
    ConnectionReport greeting = ConnectionReport.greeting("gateway-1", reads, NOW_MS);
    decider.process(SessionRecord.Kind.REPORT, "gateway-1", JsonRecords.write(greeting));
  }

  @Test
  void shouldSayHowLongItStoodInEachState() throws Exception {
    FunctionDecider decider = open(NOW_MS, null);
    healthy(decider).runTo(NOW_MS + 10_000);

    List<Event> changes = decider.events();
    assertThat(changes).extracting(Event::from).containsExactly("idle", "connecting");
    assertThat(changes).extracting(Event::to).containsExactly("connecting", "streaming");
    assertThat(changes.get(1).stoodMs()).isBetween(200L, 2_300L);
    assertThat(changes.get(1).source()).isEqualTo("truck");
  }
}
