package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is reported late, twice or against what is known is counted, and does no harm. */
class IgnoredReportsTest {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final SessionSpecification SPECIFICATION =
      SessionSpecification.of(
          "lobby", SourceSpecification.pull("truck", SourceTransport.SRT, "srt://truck:9000"));

  private FunctionDecider decider;
  private DesiredConnection truck;

  @BeforeEach
  void connect() throws Exception {
    decider = new FunctionDecider(NOW_MS);
    decider.process(SessionRecord.Kind.SPECIFICATION, JsonRecords.write(SPECIFICATION));
    truck = decider.commands().get(0).connections().get(0);
  }

  @AfterEach
  void close() throws Exception {
    decider.close();
  }

  @Test
  void shouldCountStepsThatAreReportedTwice() throws Exception {
    long repeated = 0;
    for (ReportKind kind : List.of(ReportKind.OPENED, ReportKind.FIRST_SEGMENT, ReportKind.LIVE)) {
      report(kind);
      assertThat(ignored(Ignored.REPEATED)).isEqualTo(repeated++);
      report(kind);
      assertThat(ignored(Ignored.REPEATED)).isEqualTo(repeated);
    }
    assertThat(decider.state()).isEqualTo(SessionState.STREAMING);
  }

  @Test
  void shouldCountAStepThatStatisticsHaveOvertaken() throws Exception {
    report(ReportKind.STATISTICS);
    report(ReportKind.STATISTICS);
    assertThat(ignored(Ignored.REPEATED)).as("they are meant to be").isZero();
    report(ReportKind.OPENED);
    report(ReportKind.FIRST_SEGMENT);
    report(ReportKind.LIVE);

    assertThat(ignored(Ignored.REPEATED)).isEqualTo(3);
    assertThat(decider.state()).isEqualTo(SessionState.STREAMING);
  }

  @Test
  void shouldNotTakeARepeatedStepForASignOfLife() throws Exception {
    report(ReportKind.LIVE);
    decider.advanceTo(NOW_MS + 2_900);
    report(ReportKind.LIVE);
    decider.advanceTo(NOW_MS + 3_001);

    assertThat(decider.events()).last().matches(event -> event.name().equals("gateway-gone"));
  }

  @Test
  void shouldHearAnotherGatewaySayWhatTheOneBeforeHasSaid() throws Exception {
    report(ReportKind.LIVE);
    decider.process(
        SessionRecord.Kind.REPORT,
        JsonRecords.write(builder(ReportKind.OPENED).openedAtMs(NOW_MS + 9).build(NOW_MS)));

    assertThat(ignored(Ignored.REPEATED)).isZero();
    assertThat(decider.session().current().phase).isEqualTo(Phase.OPENED);
  }

  @Test
  void shouldCountALiveConnectionUnderAnEpochThatIsNotItsOwn() throws Exception {
    report(ReportKind.OPENED);
    decider.process(
        SessionRecord.Kind.REPORT,
        JsonRecords.write(builder(ReportKind.LIVE).epoch(truck.epoch() - 1).build(NOW_MS)));

    assertThat(ignored(Ignored.CONTRADICTORY)).isOne();
    assertThat(decider.state()).isEqualTo(SessionState.CONNECTING);
    assertThat(decider.session().current().phase).isEqualTo(Phase.READY);

    report(ReportKind.LIVE);
    assertThat(ignored(Ignored.CONTRADICTORY)).isOne();
    assertThat(decider.state()).isEqualTo(SessionState.STREAMING);
  }

  @Test
  void shouldCountAConnectionThatIsClosedTwice() throws Exception {
    report(ReportKind.LIVE);
    for (int i = 0; i < 2; i++) {
      decider.process(
          SessionRecord.Kind.REPORT,
          JsonRecords.write(builder(ReportKind.CLOSED).reason(CloseReason.BROKEN).build(NOW_MS)));
    }
    assertThat(ignored(Ignored.STALE_CONNECTION)).isOne();
  }

  @Test
  void shouldMakeNoSessionOfReportsThatWereOnTheirWayWhenItWasRemoved() throws Exception {
    report(ReportKind.LIVE);
    decider.process(SessionRecord.Kind.SPECIFICATION, new byte[0]);
    int statuses = decider.statuses().size();
    decider.advanceTo(NOW_MS + 2_999);
    report(ReportKind.STATISTICS);

    assertThat(ignored(Ignored.UNKNOWN_SESSION)).isOne();
    assertThat(decider.stateEntries()).isZero();
    assertThat(decider.statuses())
        .hasSize(statuses)
        .last()
        .matches(s -> s.state().equals("closed"));

    decider.advanceTo(NOW_MS + 3_000); // it should have heard that it is to close
    report(ReportKind.STATISTICS);
    assertThat(decider.state()).isEqualTo(SessionState.IDLE);
  }

  @Test
  void shouldHearOfANewerConnectionOfASessionThatWasRemoved() throws Exception {
    decider.process(SessionRecord.Kind.SPECIFICATION, new byte[0]);
    decider.process(
        SessionRecord.Kind.REPORT,
        JsonRecords.write(
            builder(ReportKind.STATISTICS)
                .connection(truck.epoch() + 1)
                .epoch(truck.epoch() + 2)
                .build(NOW_MS)));

    assertThat(decider.state()).isEqualTo(SessionState.IDLE);
  }

  @Test
  void shouldHearASessionThatIsWantedAgainAtOnce() throws Exception {
    decider.process(SessionRecord.Kind.SPECIFICATION, new byte[0]);
    decider.advanceTo(NOW_MS + 100);
    decider.process(SessionRecord.Kind.SPECIFICATION, JsonRecords.write(SPECIFICATION));
    report(ReportKind.LIVE); // of the connection before

    assertThat(ignored(Ignored.UNKNOWN_SESSION)).isZero();
    assertThat(ignored(Ignored.STALE_CONNECTION)).isOne();
  }

  private void report(ReportKind kind) throws Exception {
    decider.process(SessionRecord.Kind.REPORT, JsonRecords.write(builder(kind).build(NOW_MS)));
  }

  private ConnectionReport.Builder builder(ReportKind kind) {
    return ConnectionReport.builder(kind, "gateway-1")
        .source("lobby", "truck")
        .connection(truck.connection())
        .epoch(truck.epoch())
        .openedAtMs(NOW_MS)
        .role(Role.LIVE)
        .statistics(new ConnectionStatistics(0, 1, 1, null, null, null, null, null, null, null));
  }

  private long ignored(Ignored reason) {
    return decider.metrics.count("ignored", reason.label());
  }
}
