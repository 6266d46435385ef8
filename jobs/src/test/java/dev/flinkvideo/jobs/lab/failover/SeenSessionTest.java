package dev.flinkvideo.jobs.lab.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flinkvideo.jobs.lab.failover.Scenario.Step;
import dev.flinkvideo.jobs.lab.failover.SeenSession.Done;
import dev.flinkvideo.jobs.lab.failover.SeenSession.Shown;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenSessionTest {
  private static final double PICTURE_S = 0.04;
  private static final long FAULT_MS = 10_000;
  private static final Step FAULT = new Step(Duration.ZERO, "truck", Condition.CLOSED);

  private final List<Event> events = new ArrayList<>();
  private final List<Shown> shown = new ArrayList<>();
  private final List<SessionCommand> commands = new ArrayList<>();

  @Test
  void shouldCountPicturesThatAreMissingAndThoseThatCameAgain() {
    show("truck", 100, 9_900);
    show("truck", 101, 9_940);
    show("backup", 101, 10_200);
    show("backup", 104, 10_320);

    assertThat(seen().lost()).isEqualTo(2);
    assertThat(seen().doubled()).isOne();
  }

  @Test
  void shouldMeasureFromTheFaultToTheDecisionAndToThePictureOfTheOtherSource() {
    change("connecting", "streaming", "truck", "live", 5_000);
    show("truck", 100, 9_990);
    show("truck", 101, 10_030); // was on its way
    change("streaming", "migrating", "backup", "closed", 10_050);
    show("backup", 102, 10_400);

    assertThat(seen().detectSeconds()).isEqualTo(0.05);
    assertThat(seen().moveSeconds()).isEqualTo(0.38);
    assertThat(seen().judgedSeconds()).isEqualTo(0.4);
    assertThat(seen().decidedMs("closed", 0)).isEqualTo(10_050);
  }

  @Test
  void shouldNotTellHowLongItTookWhatNeverHappened() {
    show("truck", 100, 9_990);

    assertThat(seen().detectSeconds()).isNaN();
    assertThat(seen().moveSeconds()).isNaN();
    assertThat(seen().quarantinedMs()).isNaN();
  }

  @Test
  void shouldCountMovesBetweenSourcesAndNotComingsBack() {
    change("connecting", "streaming", "truck", "live", 1_000);
    change("stalled", "streaming", "truck", "recovered", 2_000);
    change("migrating", "streaming", "backup", "closed", 3_000);
    change("migrating", "streaming", "truck", "preferred-healthy", 9_000);

    assertThat(seen().moves()).isEqualTo(2);
    assertThat(seen().moves(5_000)).isOne();
  }

  @Test
  void shouldSayHowFarTheAxisIsOff() {
    shown.add(new Shown("truck", 100, 7_000_000, 1, 1));
    shown.add(new Shown("backup", 110, 407_500_000, 2, 2));

    assertThat(seen().worstAxisErrorMs()).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void shouldSayHowLongWasWaitedBetweenConnections() {
    command(11, 11_000);
    command(11, 11_500); // the same again
    command(12, 12_000);
    command(13, 16_000);

    assertThat(seen().waitsSeconds("truck", FAULT_MS, 20_000)).containsExactly(1.0, 4.0);
    assertThat(seen().waitsSeconds("truck", FAULT_MS, 15_000)).containsExactly(1.0);
  }

  private void show(String source, long picture, long atMs) {
    shown.add(new Shown(source, picture, 0, atMs - 20, atMs));
  }

  private void change(String from, String to, String source, String reason, long atMs) {
    events.add(
        Event.builder("lobby", EventKind.SESSION_CHANGED)
            .change(from, to, 0)
            .name(reason)
            .connection(source, 1)
            .build(atMs * 1_000));
  }

  private void command(long connection, long atMs) {
    SourceSpecification truck =
        SourceSpecification.pull("truck", SourceTransport.SRT, "srt://truck:9000");
    commands.add(
        new SessionCommand(
            1,
            "lobby",
            List.of(new DesiredConnection(truck, connection, connection, Role.LIVE, null, null)),
            List.of(),
            atMs));
  }

  private SeenSession seen() {
    return new SeenSession(List.of(new Done(FAULT, FAULT_MS)), events, commands, shown, PICTURE_S);
  }
}
