package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.TopicsException;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.SessionSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One line of a recording: what a session heard, or what it did.
 *
 * @param atMs by the clock of the job, in ms since 1970
 * @param session null only in a tick, which is for all
 * @param specification with kind spec; null there ends the session
 * @param event with kind alarm, or with kind change: a change that was made
 */
record RecordedSignal(
    long atMs,
    Kind kind,
    String session,
    SessionSpecification specification,
    ConnectionReport report,
    Event event) {
  /** A rehearsal is of so many at most. */
  private static final long MOST_DAYS = 92;

  enum Kind {
    spec,
    report,
    alarm,
    change,
    tick
  }

  /** Reads JSON lines. */
  static List<RecordedSignal> read(byte[] lines) throws UnusableInputException {
    List<RecordedSignal> signals = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) new String(lines, UTF_8).lines()::iterator) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        RecordedSignal signal = line(StrictJson.read(line.getBytes(UTF_8), JsonNode.class));
        checkSpan(signals.isEmpty() ? signal : signals.get(0), signal);
        signals.add(signal);
      } catch (UnusableInputException | RejectedRecordException e) {
        throw new UnusableInputException("line %d: %s".formatted(number, e.getMessage()), e);
      }
    }
    return inOrder(signals);
  }

  /** All that a session would do in between is made and printed, so it must not be years. */
  private static void checkSpan(RecordedSignal first, RecordedSignal signal)
      throws UnusableInputException {
    long days = Math.abs(Duration.ofMillis(signal.atMs - first.atMs).toDays());
    if (days > MOST_DAYS) {
      throw new UnusableInputException(
          "/atMs: %d is %d days from the first one, allowed are %d: is it in milliseconds?"
              .formatted(signal.atMs, days, MOST_DAYS));
    }
  }

  private static RecordedSignal line(JsonNode line)
      throws UnusableInputException, RejectedRecordException {
    JsonNode at = line.path("atMs");
    if (!at.isIntegralNumber() || !at.canConvertToLong() || at.asLong() < 0) {
      throw new UnusableInputException(
          "/atMs: missing or of another kind, allowed are ms since 1970");
    }
    long atMs = at.asLong();
    String session = line.path("session").asText(null);
    return switch (line.path("kind").asText()) {
      case "spec" -> specification(atMs, session, line.path("specification"));
      case "report" -> report(atMs, JsonRecords.readReport(bytes(line, "report")));
      case "alarm" -> event(atMs, Kind.alarm, JsonRecords.readEvent(bytes(line, "event")));
      case "change" -> event(atMs, Kind.change, JsonRecords.readEvent(bytes(line, "event")));
      case "tick" -> new RecordedSignal(atMs, Kind.tick, session, null, null, null);
      default ->
          throw new UnusableInputException(
              "/kind: '%s', allowed are spec, report, alarm, change, tick"
                  .formatted(line.path("kind").asText()));
    };
  }

  private static RecordedSignal specification(long atMs, String session, JsonNode specification)
      throws UnusableInputException, RejectedRecordException {
    if (!specification.isObject()) {
      if (session == null) {
        throw new UnusableInputException("/session: it is missing: say which session ends");
      }
      return new RecordedSignal(atMs, Kind.spec, session, null, null, null);
    }
    SessionSpecification read =
        JsonRecords.readSpecification(specification.toString().getBytes(UTF_8));
    return new RecordedSignal(atMs, Kind.spec, read.session(), read, null, null);
  }

  private static byte[] bytes(JsonNode line, String field) throws UnusableInputException {
    if (!line.path(field).isObject()) {
      throw new UnusableInputException("/%s: it is missing".formatted(field));
    }
    return line.get(field).toString().getBytes(UTF_8);
  }

  private static RecordedSignal report(long atMs, ConnectionReport report) {
    return new RecordedSignal(atMs, Kind.report, report.session(), null, report, null);
  }

  private static RecordedSignal event(long atMs, Kind kind, Event event) {
    return new RecordedSignal(atMs, kind, event.session(), null, null, event);
  }

  /**
   * Reads what the topics say of a session.
   *
   * @param since null for as far as they go
   */
  static List<RecordedSignal> read(KafkaAccess kafka, String session, Duration since)
      throws BrokerUnreachableException, TopicsException, UnusableInputException {
    long fromMs = since == null ? 0 : System.currentTimeMillis() - since.toMillis();
    List<RecordedSignal> signals = new ArrayList<>();
    Topics names = kafka.topics();
    try (SessionTopics topics =
        new SessionTopics(kafka, List.of(Topics.SESSIONS, Topics.REPORTS, Topics.EVENTS))) {
      RecordedSignal before = null;
      for (ConsumerRecord<byte[], byte[]> record : topics.all(names.sessions())) {
        RecordedSignal signal = of(record, session, Kind.spec);
        if (signal != null && signal.atMs < fromMs) {
          before = signal; // the newest of those before is in force at the start
        } else if (signal != null) {
          signals.add(signal);
        }
      }
      if (before != null) {
        signals.add(before);
      }
      addSince(signals, topics.all(names.reports()), session, Kind.report, fromMs);
      addSince(signals, topics.all(names.events()), session, Kind.alarm, fromMs);
    }
    if (signals.isEmpty()) {
      throw SessionsRemove.unknown(session);
    }
    return inOrder(signals);
  }

  private static void addSince(
      List<RecordedSignal> signals,
      List<ConsumerRecord<byte[], byte[]>> records,
      String session,
      Kind kind,
      long fromMs) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      RecordedSignal signal = record.timestamp() < fromMs ? null : of(record, session, kind);
      if (signal != null) {
        signals.add(signal);
      }
    }
  }

  /** Null if the record is of another session, or none that a session hears. */
  private static RecordedSignal of(
      ConsumerRecord<byte[], byte[]> record, String session, Kind kind) {
    if (!session.equals(SessionTopics.key(record))) {
      return null;
    }
    long atMs = record.timestamp();
    try {
      if (kind == Kind.spec) {
        SessionSpecification read =
            record.value() == null ? null : JsonRecords.readSpecification(record.value());
        return new RecordedSignal(atMs, kind, session, read, null, null);
      }
      if (kind == Kind.report) {
        ConnectionReport report = JsonRecords.readReport(record.value());
        return report.kind() == ReportKind.GREETING ? null : report(atMs, report);
      }
      Event event = JsonRecords.readEvent(record.value());
      return switch (event.kind()) {
        case ALARM_RAISED, ALARM_CLEARED -> event(atMs, Kind.alarm, event);
        case SESSION_CHANGED -> event(event.atUs() / 1_000, Kind.change, event);
        default -> null;
      };
    } catch (RejectedRecordException e) {
      return null; // the job rejected it too
    }
  }

  private static List<RecordedSignal> inOrder(List<RecordedSignal> signals) {
    signals.sort(Comparator.comparingLong(RecordedSignal::atMs)); // stable
    return signals;
  }
}
