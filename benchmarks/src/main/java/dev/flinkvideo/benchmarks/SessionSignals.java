package dev.flinkvideo.benchmarks;

import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.session.SessionRecord;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * The n-th signal: first every session is specified, then every one is live, then each is reported
 * in turn, and at last each is removed. A connection that the machine does not remember is adopted,
 * so that nobody has to read its commands.
 */
final class SessionSignals implements MapFunction<Long, SessionRecord> {
  private static final CountDownLatch STEADY = new CountDownLatch(1);
  private static final CountDownLatch REMOVING = new CountDownLatch(1);
  private static final byte[] TOMBSTONE = {};
  private static final long serialVersionUID = 1L;

  private final int sessions;
  private final long removedFrom;
  private final long number = System.currentTimeMillis() + 3_600_000;

  /**
   * @param rounds of reports
   */
  SessionSignals(int sessions, int rounds) {
    this.sessions = sessions;
    this.removedFrom = sessions * (2L + rounds);
  }

  /** How many there are. */
  long count() {
    return removedFrom + sessions;
  }

  /** Until the first of the reports in turn is made. */
  static void awaitSteady() throws InterruptedException {
    STEADY.await();
  }

  /** Until all reports are made, and the first session is removed. */
  static void awaitRemoving() throws InterruptedException {
    REMOVING.await();
  }

  @Override
  public SessionRecord map(Long index) {
    String session = "session-" + index % sessions;
    if (index < sessions) {
      return record(SessionRecord.Kind.SPECIFICATION, session, specification(session));
    }
    if (index >= removedFrom) {
      REMOVING.countDown();
      return record(SessionRecord.Kind.SPECIFICATION, session, TOMBSTONE);
    }
    if (index == 2L * sessions) {
      STEADY.countDown();
    }
    ReportKind kind = index < 2L * sessions ? ReportKind.LIVE : ReportKind.STATISTICS;
    return record(SessionRecord.Kind.REPORT, session, report(session, kind));
  }

  private static SessionRecord record(SessionRecord.Kind kind, String session, byte[] value) {
    return new SessionRecord(kind, new SegmentRecord(session, "", 0, 0, 0, 0, value));
  }

  private static byte[] specification(String session) {
    return JsonRecords.write(
        SessionSpecification.of(
            session,
            SourceSpecification.pull("truck", SourceTransport.SRT, "srt://truck.example.org:9000"),
            SourceSpecification.push("backup", SourceTransport.RTMP, "live/" + session)));
  }

  private byte[] report(String session, ReportKind kind) {
    return JsonRecords.write(
        ConnectionReport.builder(kind, "gateway-1")
            .source(session, "truck")
            .connection(number)
            .epoch(number)
            .openedAtMs(number)
            .role(Role.LIVE)
            .statistics(
                new ConnectionStatistics(
                    33, 900, 15, 4_000_000L, 30.0, 2_000L, 12.5, 0.001, null, 0L))
            .build(number));
  }
}
