package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.Trigger;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** The machine alone: the scenarios, and what gateways may say that no scenario has. */
class SessionMachineTest extends Scenarios {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final SourceSpecification PUSHED =
      SourceSpecification.push("phone", SourceTransport.WEBRTC, "phone");
  private static final SourceSpecification PULLED =
      SourceSpecification.pull("truck", SourceTransport.SRT, "srt://truck:9000");

  private final MachineDecider machine = new MachineDecider(NOW_MS);

  @Override
  Decider decider(long startMs) {
    return new MachineDecider(startMs);
  }

  @Test
  void shouldLeaveTheSessionItWasGivenAsItWas() {
    Session before = machine.session;
    byte[] bytes = SessionCodec.write(before);
    specify(PULLED);

    assertThat(SessionCodec.write(before)).isEqualTo(bytes);
    assertThat(machine.session).isNotSameAs(before);
  }

  @Test
  void shouldAdoptAConnectionThatARestoredMachineForgot() {
    specify(PULLED, PUSHED);
    long forgotten = NOW_MS + 5_000;
    report(live("phone", forgotten), 100);

    assertThat(machine.state()).isEqualTo(SessionState.STREAMING);
    Step step = machine.steps.get(machine.steps.size() - 1);
    assertThat(step.changes()).singleElement().matches(c -> c.reason() == Reason.ADOPTED);
    assertThat(step.command().connections())
        .filteredOn(connection -> connection.role() == Role.LIVE)
        .singleElement()
        .matches(connection -> connection.connection() == forgotten);
    assertThat(machine.session.lastNumber).isGreaterThanOrEqualTo(forgotten);
  }

  /** The job before may have gone further than its checkpoint, and the log with it. */
  @Test
  void shouldGiveWhatIsLiveANewEpochWithTheFirstCommandAfterARestore() {
    specify(PULLED);
    long epoch = lastCommand().get(0).epoch();
    report(live("truck", lastCommand().get(0).connection(), epoch), 100);
    assertThat(machine.state()).isEqualTo(SessionState.STREAMING);

    SessionMachine restored =
        new SessionMachine(
            SessionOptions.policy(new Configuration()),
            /* incarnation= */ 1,
            Hearing.begins(NOW_MS + 200));
    Step quiet = restored.step(machine.session, new Signal.Tick(), NOW_MS + 200);
    assertThat(quiet.command()).as("a restore alone says nothing").isNull();
    SessionSpecification more =
        SessionSpecification.of("lobby", PULLED, PUSHED).withPolicy(Policies.of("{'standbys':1}"));
    Step step = restored.step(quiet.session(), new Signal.Specified(more), NOW_MS + 300);
    assertThat(step.changes()).isEmpty();
    DesiredConnection live = step.command().connections().get(0);
    assertThat(live.role()).isEqualTo(Role.LIVE);
    assertThat(live.epoch()).isGreaterThan(epoch);
    assertThat(live.connection()).isEqualTo(lastCommand().get(0).connection());
  }

  @Test
  void shouldTakeUpWhatItHeardBeforeItWasSpecified() {
    report(live("truck", NOW_MS - 60_000), 1);
    assertThat(machine.state()).isEqualTo(SessionState.IDLE);
    specify(PULLED, PUSHED);

    assertThat(machine.state()).isEqualTo(SessionState.STREAMING);
    assertThat(lastCommand())
        .first()
        .matches(connection -> connection.connection() == NOW_MS - 60_000);
  }

  @Test
  void shouldTellANobodysConnectionToClose() {
    report(live("truck", NOW_MS - 60_000), 1);
    machine.decide(new Signal.Tick(), NOW_MS + 60_000);

    assertThat(machine.state()).isEqualTo(SessionState.CLOSED);
    assertThat(machine.steps.get(machine.steps.size() - 1).command().isEmpty()).isTrue();
  }

  /** A report that was on its way when its session was removed leaves nothing behind. */
  @Test
  void shouldForgetASessionThatNobodySpecifiedWhenItsConnectionIsClosed() {
    report(live("truck", NOW_MS - 60_000), 1);
    report(
        ConnectionReport.builder(ReportKind.CLOSED, "gateway-1")
            .source("lobby", "truck")
            .connection(NOW_MS - 60_000)
            .reason(CloseReason.COMMANDED)
            .build(0),
        2);

    assertThat(last().changes()).singleElement().matches(c -> c.reason() == Reason.FORGOTTEN);
    assertThat(machine.state()).isEqualTo(SessionState.CLOSED);
  }

  @Test
  void shouldNotBelieveANumberFromTheFuture() {
    specify(PULLED);
    report(live("truck", Long.MAX_VALUE), 1);

    assertThat(last().ignored()).isEqualTo(Ignored.FROM_THE_FUTURE);
    assertThat(machine.session.lastNumber).isLessThan(NOW_MS + 10);
  }

  /** Analyzers clear an alarm once: who misses that would leave every source for a bad picture. */
  @Test
  void shouldBelieveThatAPictureIsGoodAgainWhicheverItIsOf() {
    specify(PULLED, PUSHED);
    long epoch = lastCommand().get(0).epoch();
    report(live("truck", lastCommand().get(0).connection(), epoch), 100);
    alarm(EventKind.ALARM_RAISED, "phone", epoch - 1, 200);
    assertThat(last().ignored()).isEqualTo(Ignored.STALE_ALARM);

    alarm(EventKind.ALARM_RAISED, "truck", epoch - 1, 300);
    assertThat(last().ignored()).as("its own picture, before a new epoch").isNull();
    assertThat(machine.session.alarms.standing()).containsExactly(Trigger.BLACK);
    alarm(EventKind.ALARM_CLEARED, "phone", epoch - 1, 400);
    assertThat(last().ignored()).isNull();
    assertThat(machine.session.alarms.standing()).isEmpty();
  }

  @Test
  void shouldIgnoreWhatAClosedOrAnUnknownConnectionSays() {
    specify(PULLED);
    report(live("truck", 17), 1);
    assertThat(last().ignored()).isEqualTo(Ignored.STALE_CONNECTION);
    report(live("nobody", 17), 2);
    assertThat(last().ignored()).isEqualTo(Ignored.UNKNOWN_SOURCE);
    assertThat(machine.state()).isEqualTo(SessionState.CONNECTING);
  }

  @Test
  void shouldCallAPublisherThatAnnouncesItselfAtOnce() {
    specify(PUSHED);
    machine.decide(new Signal.Tick(), NOW_MS + 5_001);
    assertThat(machine.state()).isEqualTo(SessionState.RECONNECTING);
    assertThat(last().command().awaited()).containsExactly(PUSHED);

    report(
        ConnectionReport.builder(ReportKind.AVAILABLE, "gateway-1")
            .source("lobby", "phone")
            .build(0),
        5_100);
    assertThat(machine.state()).isEqualTo(SessionState.CONNECTING);
  }

  @Test
  void shouldOpenAtOnceWhatAGatewayGoingDownGaveUp() {
    specify(PULLED, PUSHED);
    long number = lastCommand().get(0).connection();
    report(
        ConnectionReport.builder(ReportKind.CLOSED, "gateway-1")
            .source("lobby", "truck")
            .connection(number)
            .reason(CloseReason.GATEWAY_STOPPING)
            .build(0),
        100);

    assertThat(machine.session.current).isEqualTo("truck");
    assertThat(lastCommand()).first().matches(connection -> connection.connection() > number);
  }

  @Test
  void shouldWaitLongestWhereTheAnswerWillNotChange() {
    specify(PULLED);
    report(
        ConnectionReport.builder(ReportKind.CLOSED, "gateway-1")
            .source("lobby", "truck")
            .connection(lastCommand().get(0).connection())
            .reason(CloseReason.UNAUTHORIZED)
            .build(0),
        100);

    assertThat(machine.session.source("truck").penalty.retryMs - NOW_MS)
        .isBetween(24_000L, 36_100L);
  }

  @Test
  void shouldGiveUpASourceThatDoesNotGoLive() {
    specify(PULLED, PUSHED);
    long number = lastCommand().get(0).connection();
    for (long atMs = 100; atMs < 10_100; atMs += 500) {
      report(ready("truck", number), atMs);
    }
    machine.decide(new Signal.Tick(), NOW_MS + 10_099);
    assertThat(machine.session.current).isEqualTo("truck");

    machine.decide(new Signal.Tick(), NOW_MS + 10_100);
    assertThat(last().changes())
        .singleElement()
        .matches(change -> change.reason() == Reason.NOT_LIVE)
        .matches(change -> change.to() == SessionState.CONNECTING)
        .matches(change -> change.source().equals("phone"));
  }

  @Test
  void shouldReopenASourceWhoseAddressChanges() {
    specify(PULLED);
    long number = lastCommand().get(0).connection();
    specify(SourceSpecification.pull("truck", SourceTransport.SRT, "srt://other:9000"));

    assertThat(last().changes()).singleElement().matches(c -> c.reason() == Reason.RESPECIFIED);
    assertThat(lastCommand())
        .singleElement()
        .matches(connection -> connection.connection() > number)
        .matches(connection -> connection.source().endpoint().equals("srt://other:9000"));
  }

  @Test
  void shouldSayNothingWhenItIsToldTheSameAgain() {
    specify(PULLED, PUSHED);
    specify(PULLED, PUSHED);

    assertThat(last().command()).isNull();
    assertThat(last().changes()).isEmpty();
    assertThat(last().statusChanged()).isFalse();
  }

  /** The architecture's cure for a prefix that passes its bound. */
  @Test
  void shouldAskAWebRtcSourceForAKeyFrameWhenTheDecoderGotTooMuchSinceTheLast() {
    specify(PUSHED);
    report(
        ConnectionReport.builder(ReportKind.AVAILABLE, "gateway-1")
            .source("lobby", "phone")
            .build(0),
        1);
    long number = lastCommand().get(0).connection();
    long epoch = lastCommand().get(0).epoch();
    report(live("phone", number, epoch), 100);
    notRecoverable("phone", epoch, 200);

    assertThat(lastCommand())
        .singleElement()
        .matches(c -> c.keyFrameAskedAtMs() == NOW_MS + 200)
        .matches(c -> c.epoch() == epoch);
    assertThat(last().changes()).isEmpty();
    machine.decide(new Signal.Tick(), NOW_MS + 201);
    assertThat(last().command()).as("once").isNull();
    notRecoverable("phone", epoch - 1, 300);
    assertThat(last().command()).as("of a turn that is over").isNull();
    assertThat(last().ignored()).isEqualTo(Ignored.STALE_ALARM);
  }

  @Test
  void shouldNotAskASourceThatCannotSendAKeyFrameOnRequest() {
    specify(PULLED);
    long number = lastCommand().get(0).connection();
    long epoch = lastCommand().get(0).epoch();
    report(live("truck", number, epoch), 100);
    notRecoverable("truck", epoch, 200);

    assertThat(last().command()).isNull();
    assertThat(last().ignored()).isNull();
  }

  private void notRecoverable(String source, long epoch, long atMs) {
    Event event =
        Event.builder("lobby", EventKind.NOT_RECOVERABLE).connection(source, epoch).build(1);
    machine.decide(new Signal.NotRecoverable(event), NOW_MS + atMs);
  }

  private void specify(SourceSpecification... sources) {
    machine.decide(new Signal.Specified(SessionSpecification.of("lobby", sources)), NOW_MS + 1);
  }

  private void report(ConnectionReport report, long atMs) {
    machine.decide(new Signal.Reported(report), NOW_MS + atMs);
  }

  private void alarm(EventKind kind, String source, long epoch, long atMs) {
    Event event =
        Event.builder("lobby", kind).name("black").connection(source, epoch).build(atMs * 1_000);
    machine.decide(new Signal.Alarmed(event), NOW_MS + atMs);
  }

  /** It holds a key frame and delivers, and publishes nothing. */
  private static ConnectionReport ready(String source, long number) {
    return ConnectionReport.builder(ReportKind.STATISTICS, "gateway-1")
        .source("lobby", source)
        .connection(number)
        .openedAtMs(number)
        .role(Role.STANDBY)
        .statistics(new ConnectionStatistics(0, 30, 1, null, null, null, null, null, null, null))
        .build(0);
  }

  private static ConnectionReport live(String source, long number) {
    return live(source, number, number);
  }

  private static ConnectionReport live(String source, long number, long epoch) {
    return ConnectionReport.builder(ReportKind.LIVE, "gateway-1")
        .source("lobby", source)
        .connection(number)
        .epoch(epoch)
        .openedAtMs(number)
        .role(Role.LIVE)
        .build(0);
  }

  private Step last() {
    return machine.steps.get(machine.steps.size() - 1);
  }

  private List<DesiredConnection> lastCommand() {
    return machine.steps.stream()
        .filter(step -> step.command() != null)
        .reduce((first, second) -> second)
        .orElseThrow()
        .command()
        .connections();
  }
}
