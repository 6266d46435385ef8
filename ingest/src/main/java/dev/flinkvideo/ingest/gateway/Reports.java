package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.VersionRange;
import java.util.function.Consumer;

/** Writes the reports of one gateway. Any thread; never blocks. */
final class Reports {
  private static final VersionRange VERSIONS = new VersionRange(1, SessionCommand.VERSION);

  private final String gateway;
  private final Consumer<ConnectionReport> out;

  Reports(String gateway, Consumer<ConnectionReport> out) {
    this.gateway = gateway;
    this.out = out;
  }

  void greeting() {
    out.accept(ConnectionReport.greeting(gateway, VERSIONS, System.currentTimeMillis()));
  }

  void available(SourceId id) {
    send(ConnectionReport.builder(ReportKind.AVAILABLE, gateway).source(id.session(), id.source()));
  }

  void of(ReportKind kind, OpenConnection connection) {
    send(describe(kind, connection, connection.epoch()).role(connection.desired().role()));
  }

  /** The first segment under {@code epoch} is on the log. */
  void live(OpenConnection connection, long epoch) {
    send(describe(ReportKind.LIVE, connection, epoch).role(connection.desired().role()));
  }

  void statistics(OpenConnection connection) {
    send(
        describe(ReportKind.STATISTICS, connection, connection.epoch())
            .role(connection.desired().role())
            .statistics(connection.statistics()));
  }

  void closed(OpenConnection connection, CloseReason reason, String message) {
    send(
        describe(ReportKind.CLOSED, connection, connection.epoch())
            .reason(reason)
            .message(message)
            .statistics(connection.statistics()));
  }

  /** What a transport says, in the words of reports. */
  static CloseReason reason(Ending ending, boolean opened) {
    return switch (ending.reason()) {
      case CLOSED -> CloseReason.ENDED;
      case LOST -> opened ? CloseReason.BROKEN : CloseReason.UNREACHABLE;
      case REFUSED -> CloseReason.REFUSED;
      case UNAUTHORISED -> CloseReason.UNAUTHORIZED;
      case STALLED -> CloseReason.TIMED_OUT;
      case PROTOCOL_ERROR -> CloseReason.BROKEN;
      case NO_VIDEO, CODEC_UNKNOWN -> CloseReason.UNSUPPORTED;
    };
  }

  private ConnectionReport.Builder describe(
      ReportKind kind, OpenConnection connection, Long epoch) {
    ConnectionReport.Builder report =
        ConnectionReport.builder(kind, gateway)
            .source(connection.id().session(), connection.id().source())
            .connection(connection.number());
    if (epoch != null) {
      report.epoch(epoch);
    }
    if (connection.openedAtMs() != null) {
      report.openedAtMs(connection.openedAtMs());
    }
    return report;
  }

  private void send(ConnectionReport.Builder report) {
    out.accept(report.build(System.currentTimeMillis()));
  }
}
