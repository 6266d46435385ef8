package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.protocol.SessionSpecification;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a single message, the session streams again: each report in turn of a session
 * whose preferred source falls silent, comes back, breaks and comes back.
 */
class OneMessageTest {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long END_MS = START_MS + 80_000;
  private static final long USUAL_MS = 5;

  enum Mishap {
    LOST(0, USUAL_MS),
    TWICE(2, USUAL_MS),
    /** After the next ones of its connection. */
    OVERTAKEN(1, 1_100),
    /** Longer than any that is waited for. */
    LATE(1, 6_000);

    private final int copies;
    private final long delayMs;

    Mishap(int copies, long delayMs) {
      this.copies = copies;
      this.delayMs = delayMs;
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldStreamAgainWhicheverMessageItHappensTo(Mishap mishap) {
    int reports = run(mishap, /* which= */ -1);
    assertThat(reports).isGreaterThan(150);
    for (int which = 0; which < reports; which++) {
      run(mishap, which);
    }
  }

  /** Returns how many reports there were. */
  private static int run(Mishap mishap, int which) {
    SimulatedSource truck =
        new SimulatedSource("truck", 200)
            .fails(Fault.SILENT, START_MS + 12_020, START_MS + 18_000)
            .fails(Fault.DOWN, START_MS + 36_020, START_MS + 40_000);
    SimulatedSource backup = new SimulatedSource("backup", 300);
    Simulation simulation =
        new Simulation(new MachineDecider(START_MS), START_MS, 2_000, truck, backup);
    int[] reports = {0};
    simulation.copies = () -> reports[0]++ == which ? mishap.copies : 1;
    simulation.reportDelayMs = () -> reports[0] - 1 == which ? mishap.delayMs : USUAL_MS;
    simulation.specify(
        SessionSpecification.of("lobby", truck.specification(), backup.specification())
            .withPolicy(Policies.of("{'standbys':1}")));
    simulation.runTo(END_MS);

    assertThat(simulation.state())
        .as("%s, report %d: %s", mishap, which, simulation.path())
        .isEqualTo(SessionState.STREAMING);
    assertThat(simulation.shown.lastKey() * Simulation.FRAME_MS)
        .as("%s, report %d: %s", mishap, which, simulation.path())
        .isGreaterThan(END_MS - 100);
    return reports[0];
  }
}
