package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.SessionSpecification;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a single message, the session streams again: each message in turn of a
 * session whose preferred source falls silent, comes back, breaks, comes back and turns black, and
 * whose operator moves it and thinks better of it.
 */
class OneMessageTest {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long USUAL_MS = 5;

  enum Kind {
    REPORT(/* atLeast= */ 240, /* endMs= */ 120_000),
    COMMAND(12, 120_000),
    /** One that is never cleared drives it from source to source until all are quarantined. */
    ALARM(2, 400_000),
    SPECIFICATION(3, 120_000);

    private final int atLeast;
    private final long endMs;

    Kind(int atLeast, long endMs) {
      this.atLeast = atLeast;
      this.endMs = endMs;
    }
  }

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

  static Stream<Arguments> mishaps() {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> Arrays.stream(Mishap.values()).map(mishap -> Arguments.of(kind, mishap)));
  }

  @ParameterizedTest
  @MethodSource("mishaps")
  void shouldStreamAgainWhicheverMessageItHappensTo(Kind kind, Mishap mishap) {
    int messages = new Run(kind, mishap, /* which= */ -1).play();
    assertThat(messages).isGreaterThanOrEqualTo(kind.atLeast);
    for (int which = 0; which < messages; which++) {
      new Run(kind, mishap, which).play();
    }
  }

  /** One play in which it happens to one message. */
  private static final class Run {
    private final Kind kind;
    private final Mishap mishap;
    private final int which;
    private final Map<Kind, Integer> sent = new EnumMap<>(Kind.class);
    private final SimulatedSource truck =
        new SimulatedSource("truck", 200)
            .fails(Fault.SILENT, START_MS + 12_020, START_MS + 18_000)
            .fails(Fault.DOWN, START_MS + 36_020, START_MS + 40_000);
    private final SimulatedSource backup = new SimulatedSource("backup", 300);
    private final Simulation simulation =
        new Simulation(new MachineDecider(START_MS), START_MS, 2_000, truck, backup);

    private Run(Kind kind, Mishap mishap, int which) {
      this.kind = kind;
      this.mishap = mishap;
      this.which = which;
    }

    /** Returns how many messages of the kind there were. */
    private int play() {
      simulation.copies = () -> copies(Kind.REPORT);
      simulation.reportDelayMs = () -> delayMs(Kind.REPORT);
      simulation.commandCopies = () -> copies(Kind.COMMAND);
      simulation.commandDelayMs = () -> delayMs(Kind.COMMAND);
      SessionSpecification plain =
          SessionSpecification.of("lobby", truck.specification(), backup.specification())
              .withPolicy(Policies.of("{'standbys':1}"));
      Pin pin = new Pin("backup", START_MS + 95_000);
      at(0, () -> send(Kind.SPECIFICATION, new Signal.Specified(plain)));
      at(60_000, () -> send(Kind.ALARM, simulation.alarmed("black", true)));
      at(64_000, () -> send(Kind.ALARM, simulation.alarmed("black", false)));
      at(85_000, () -> send(Kind.SPECIFICATION, new Signal.Specified(plain.withPin(pin))));
      at(86_000, () -> send(Kind.SPECIFICATION, new Signal.Specified(plain)));
      simulation.runTo(START_MS + kind.endMs);

      assertThat(simulation.state()).as(toString()).isEqualTo(SessionState.STREAMING);
      assertThat(simulation.shown.lastKey() * Simulation.FRAME_MS)
          .as(toString())
          .isGreaterThan(START_MS + kind.endMs - 100);
      if (kind != Kind.SPECIFICATION) { // without the first one it waits for the second
        assertThat(longestGapMs()).as(toString()).isLessThan(20_000);
      }
      return sent.get(kind);
    }

    /** For how long nobody saw a new picture. */
    private long longestGapMs() {
      long longestMs = 0;
      long beforeMs = START_MS;
      for (long shownMs : simulation.shown.values()) {
        longestMs = Math.max(longestMs, shownMs - beforeMs);
        beforeMs = shownMs;
      }
      return longestMs;
    }

    private void at(long ms, Runnable what) {
      simulation.at(START_MS + ms, what);
    }

    private void send(Kind of, Signal signal) {
      long copies = copies(of);
      for (int i = 0; i < copies; i++) {
        simulation.at(simulation.nowMs + delayMs(of), () -> simulation.signal(signal));
      }
    }

    private long copies(Kind of) {
      return sent.merge(of, 1, Integer::sum) - 1 == which && of == kind ? mishap.copies : 1;
    }

    /** Of the message whose copies were asked for last. */
    private long delayMs(Kind of) {
      return sent.get(of) - 1 == which && of == kind ? mishap.delayMs : USUAL_MS;
    }

    @Override
    public String toString() {
      return "%s, %s %d: %s".formatted(mishap, kind, which, simulation.path());
    }
  }
}
