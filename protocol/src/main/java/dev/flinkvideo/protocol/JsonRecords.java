package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;

/**
 * Writes and reads the JSON records. Fields it does not know are ignored, older versions are read,
 * newer ones refused. Stateless; any thread.
 */
public final class JsonRecords {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addMixIn(Observation.class, ObservationKinds.class)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final Form<Observation> OBSERVATION =
      Form.of(Observation.class, "an", "observation", Observation.VERSION);
  private static final Form<Event> EVENT = Form.of(Event.class, "an", "event", Event.VERSION);
  private static final Form<SessionSpecification> SPECIFICATION =
      Form.of(
          SessionSpecification.class, "a", "session specification", SessionSpecification.VERSION);
  private static final Form<SessionCommand> COMMAND =
      Form.of(SessionCommand.class, "a", "session command", SessionCommand.VERSION);
  private static final Form<ConnectionReport> REPORT =
      Form.of(ConnectionReport.class, "a", "connection report", ConnectionReport.VERSION);
  private static final Form<SessionStatus> STATUS =
      Form.of(SessionStatus.class, "a", "session status", SessionStatus.VERSION);

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = FrameObservation.class, name = "frame"),
    @JsonSubTypes.Type(value = IntervalObservation.class, name = "interval")
  })
  private interface ObservationKinds {}

  /** One kind of record: what it is called in errors, and how it is written and read. */
  private record Form<T>(
      String article, String name, int newest, ObjectWriter writer, ObjectReader reader) {
    static <T> Form<T> of(Class<T> type, String article, String name, int newest) {
      return new Form<>(article, name, newest, MAPPER.writerFor(type), MAPPER.readerFor(type));
    }

    byte[] write(T value) {
      try {
        return writer.writeValueAsBytes(value);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("our own records always have a JSON form", e);
      }
    }

    T read(byte[] json) throws RejectedRecordException {
      try {
        JsonNode tree = MAPPER.readTree(json);
        long version = tree.path("version").asLong(0);
        if (version > newest) {
          throw new RejectedRecordException(
              RejectReason.NEWER_VERSION,
              "%s version=%d, this reader knows up to %d: upgrade the reader"
                  .formatted(name, version, newest));
        }
        if (version < 1) {
          throw new RejectedRecordException(
              RejectReason.UNREADABLE, "not %s %s: it has no version".formatted(article, name));
        }
        return reader.readValue(tree);
      } catch (IOException e) {
        throw new RejectedRecordException(
            RejectReason.UNREADABLE, "not %s %s: %s".formatted(article, name, e.getMessage()), e);
      }
    }

    /** Names are kept in state and repeated in every record. */
    void checkLength(String field, String text) throws RejectedRecordException {
      if (text.length() > Segments.MAX_NAME_CHARS) {
        throw new RejectedRecordException(
            RejectReason.INVALID,
            "invalid %s: its %s has %d characters, at most %d are allowed"
                .formatted(name, field, text.length(), Segments.MAX_NAME_CHARS));
      }
    }

    void checkPresent(String field, Object value) throws RejectedRecordException {
      if (value == null) {
        throw new RejectedRecordException(
            RejectReason.INVALID, "invalid %s: it has no %s".formatted(name, field));
      }
    }
  }

  private JsonRecords() {}

  public static byte[] write(Observation observation) {
    return OBSERVATION.write(observation);
  }

  public static byte[] write(Event event) {
    return EVENT.write(event);
  }

  public static byte[] write(SessionSpecification specification) {
    return SPECIFICATION.write(specification);
  }

  public static byte[] write(SessionCommand command) {
    return COMMAND.write(command);
  }

  public static byte[] write(ConnectionReport report) {
    return REPORT.write(report);
  }

  public static byte[] write(SessionStatus status) {
    return STATUS.write(status);
  }

  public static Observation readObservation(byte[] json) throws RejectedRecordException {
    Observation read = OBSERVATION.read(json);
    OBSERVATION.checkPresent("session", read.session());
    return read;
  }

  public static Event readEvent(byte[] json) throws RejectedRecordException {
    Event read = EVENT.read(json);
    EVENT.checkPresent("session", read.session());
    EVENT.checkPresent("kind", read.kind());
    return read;
  }

  /** Reads a specification and holds it to {@link SpecificationFaults}. */
  public static SessionSpecification readSpecification(byte[] json) throws RejectedRecordException {
    SessionSpecification read = SPECIFICATION.read(json);
    List<String> faults = SpecificationFaults.of(read);
    if (!faults.isEmpty()) {
      throw new RejectedRecordException(RejectReason.INVALID, String.join("; ", faults));
    }
    return read;
  }

  public static SessionCommand readCommand(byte[] json) throws RejectedRecordException {
    SessionCommand read = COMMAND.read(json);
    COMMAND.checkPresent("session", read.session());
    COMMAND.checkPresent("connections", read.connections());
    COMMAND.checkPresent("awaited", read.awaited());
    for (DesiredConnection connection : read.connections()) {
      COMMAND.checkPresent("connection", connection);
      COMMAND.checkPresent("source in a connection", connection.source());
      COMMAND.checkPresent("role in a connection", connection.role());
      if (connection.role() != Role.STANDBY) {
        COMMAND.checkPresent("epoch in a connection that publishes", connection.epoch());
      }
    }
    return read;
  }

  /**
   * Reads a report. It has a source unless it is a greeting, and a connection unless it is that or
   * {@code available}.
   */
  public static ConnectionReport readReport(byte[] json) throws RejectedRecordException {
    ConnectionReport read = REPORT.read(json);
    REPORT.checkPresent("kind", read.kind());
    REPORT.checkPresent("gateway", read.gateway());
    REPORT.checkLength("gateway", read.gateway());
    if (read.kind() == ReportKind.GREETING) {
      REPORT.checkPresent("versions", read.versions());
      return read;
    }
    REPORT.checkPresent("session", read.session());
    REPORT.checkPresent("source", read.source());
    REPORT.checkLength("source", read.source());
    if (read.kind() != ReportKind.AVAILABLE) {
      REPORT.checkPresent("connection", read.connection());
    }
    if (read.kind() == ReportKind.CLOSED) {
      REPORT.checkPresent("reason", read.reason());
    }
    if (read.kind() == ReportKind.STATISTICS) {
      REPORT.checkPresent("statistics", read.statistics());
    }
    return read;
  }

  public static SessionStatus readStatus(byte[] json) throws RejectedRecordException {
    SessionStatus read = STATUS.read(json);
    STATUS.checkPresent("session", read.session());
    STATUS.checkPresent("state", read.state());
    STATUS.checkPresent("sources", read.sources());
    return read;
  }
}
