package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SessionSpecification;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final long START_MS = 1_800_000_000_000L;
  private static final SessionPolicy DEFAULTS = SessionOptions.policy(new Configuration());

  private Simulation recorded;

  @BeforeEach
  void record() {
    SimulatedSource truck =
        new SimulatedSource("truck", 200)
            .fails(Fault.SILENT, START_MS + 20_020, START_MS + 24_500)
            .fails(Fault.DOWN, START_MS + 60_020, START_MS + 70_000);
    SimulatedSource backup = new SimulatedSource("backup", 300);
    recorded = new Simulation(new MachineDecider(START_MS), START_MS, 2_000, truck, backup);
    recorded.specify(
        SessionSpecification.of("lobby", truck.specification(), backup.specification())
            .withPolicy(Policies.of("{'standbys':1}")));
    recorded.at(START_MS + 120_000, () -> recorded.alarm("black", true));
    recorded.at(START_MS + 123_000, () -> recorded.alarm("black", false));
    recorded.runTo(START_MS + 180_000);
  }

  @Test
  void shouldMakeTheChangesThatWereMadeWithThePolicyThatWasInForce() {
    assertThat(recorded.path()).hasSizeGreaterThan(8);
    assertThat(path(rehearse(null))).isEqualTo(recorded.path());
    assertThat(path(rehearse(Policies.of("{'standbys':1}")))).isEqualTo(recorded.path());
  }

  @Test
  void shouldShowWhatAMorePatientPolicyWouldHaveDone() {
    PolicyOverrides patient =
        Policies.of("{'standbys':1,'stallAfterMs':6000,'triggers':{'black':{'enabled':false}}}");

    assertThat(path(rehearse(patient)))
        .noneMatch(change -> change.contains("stalled") || change.contains("triggered"))
        .anyMatch(change -> change.equals("migrating backup closed"));
  }

  @Test
  void shouldGiveTheSameLinesForTheSameSignals() {
    assertThat(rehearse(null)).isEqualTo(rehearse(null));
  }

  private List<Rehearsal.Line> rehearse(PolicyOverrides policy) {
    Rehearsal rehearsal = new Rehearsal("lobby", DEFAULTS, policy);
    List<Rehearsal.Line> lines = new ArrayList<>();
    recorded.heard.stream()
        .filter(heard -> !(heard.signal() instanceof Signal.Tick))
        .forEach(heard -> lines.addAll(rehearsal.hear(heard.signal(), heard.atMs())));
    return lines;
  }

  private static List<String> path(List<Rehearsal.Line> lines) {
    return lines.stream()
        .map(Rehearsal.Line::change)
        .map(change -> change.to().label() + " " + change.source() + " " + change.reason().label())
        .toList();
  }
}
