package dev.flinkvideo.jobs;

import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;

/** A gateway whose every word the test says: reads commands, writes reports. One thread. */
final class ScriptedGateway implements AutoCloseable {
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  final List<SessionCommand> commands = new ArrayList<>();
  private final SessionTopics commandTopics;
  private final SessionTopics topics;
  private final String session;

  ScriptedGateway(String bootstrap, String session) throws Exception {
    this.session = session;
    this.topics = new SessionTopics(bootstrap);
    this.commandTopics = new SessionTopics(bootstrap);
    commandTopics.follow(Topics.COMMANDS);
  }

  /** The newest command, once it is as it should be. */
  SessionCommand await(String what, Predicate<SessionCommand> asItShouldBe) {
    Awaitility.await(what)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1))
        .atMost(AT_MOST)
        .until(
            () -> {
              read();
              return !commands.isEmpty() && asItShouldBe.test(newest());
            });
    return newest();
  }

  /** Until it is as it should be, what is open is reported as healthy each time it is looked at. */
  SessionCommand awaitHealthy(String what, String source, Predicate<SessionCommand> asItShouldBe) {
    Awaitility.await(what)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(200))
        .atMost(AT_MOST)
        .until(
            () -> {
              read();
              if (!commands.isEmpty() && asItShouldBe.test(newest())) {
                return true;
              }
              if (connection(source) != null) {
                report(ReportKind.STATISTICS, source);
              }
              return false;
            });
    return newest();
  }

  /** What is wanted of these sources is done and well, as statistics say every so often. */
  boolean reportHealthy(String... sources) {
    try {
      read();
      for (String source : sources) {
        if (!commands.isEmpty() && connection(source) != null) {
          report(ReportKind.STATISTICS, source);
        }
      }
      return true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() throws Exception {
    for (ConsumerRecord<byte[], byte[]> record : commandTopics.next()) {
      if (session.equals(SessionTopics.key(record)) && record.value() != null) {
        commands.add(JsonRecords.readCommand(record.value()));
      }
    }
  }

  SessionCommand newest() {
    return commands.get(commands.size() - 1);
  }

  DesiredConnection connection(String source) {
    return connection(newest(), source);
  }

  static DesiredConnection connection(SessionCommand command, String source) {
    return command.connections().stream()
        .filter(connection -> connection.source().name().equals(source))
        .findFirst()
        .orElse(null);
  }

  static boolean isLive(SessionCommand command, String source) {
    DesiredConnection connection = connection(command, source);
    return connection != null && connection.role() == Role.LIVE;
  }

  /** About the connection that the newest command names. */
  void report(ReportKind kind, String source) throws Exception {
    DesiredConnection connection = connection(source);
    boolean publishes = connection.role() != Role.STANDBY;
    ConnectionReport report =
        ConnectionReport.builder(kind, "gateway-1")
            .source(session, source)
            .connection(connection.connection())
            .epoch(publishes ? connection.epoch() : null)
            .openedAtMs(connection.connection())
            .role(connection.role())
            .reason(kind == ReportKind.CLOSED ? CloseReason.BROKEN : null)
            .statistics(
                new ConnectionStatistics(0, 30, 1, null, null, null, null, null, null, null))
            .build(System.currentTimeMillis());
    topics.write(Topics.REPORTS, session, JsonRecords.write(report));
  }

  @Override
  public void close() {
    topics.close();
    commandTopics.close();
  }
}
