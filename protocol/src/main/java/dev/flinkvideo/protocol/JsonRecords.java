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

/**
 * Writes and reads the JSON records ({@link Observation}, {@link Event}). Fields it does not know
 * are ignored, older versions are read, newer ones refused. Stateless; any thread.
 */
public final class JsonRecords {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addMixIn(Observation.class, ObservationKinds.class)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final ObjectWriter OBSERVATION_WRITER = MAPPER.writerFor(Observation.class);
  private static final ObjectWriter EVENT_WRITER = MAPPER.writerFor(Event.class);
  private static final ObjectReader OBSERVATION_READER = MAPPER.readerFor(Observation.class);
  private static final ObjectReader EVENT_READER = MAPPER.readerFor(Event.class);

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = FrameObservation.class, name = "frame"),
    @JsonSubTypes.Type(value = IntervalObservation.class, name = "interval")
  })
  private interface ObservationKinds {}

  private JsonRecords() {}

  public static byte[] write(Observation observation) {
    return write(OBSERVATION_WRITER, observation);
  }

  public static byte[] write(Event event) {
    return write(EVENT_WRITER, event);
  }

  public static Observation readObservation(byte[] json) throws RejectedRecordException {
    Observation read = read(OBSERVATION_READER, json, Observation.VERSION, "observation");
    checkPresent("observation", "session", read.session());
    return read;
  }

  public static Event readEvent(byte[] json) throws RejectedRecordException {
    Event read = read(EVENT_READER, json, Event.VERSION, "event");
    checkPresent("event", "session", read.session());
    checkPresent("event", "kind", read.kind());
    return read;
  }

  private static void checkPresent(String what, String field, Object value)
      throws RejectedRecordException {
    if (value == null) {
      throw new RejectedRecordException(
          RejectReason.INVALID, "invalid %s: it has no %s".formatted(what, field));
    }
  }

  private static byte[] write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records always have a JSON form", e);
    }
  }

  private static <T> T read(ObjectReader reader, byte[] json, int newest, String what)
      throws RejectedRecordException {
    try {
      JsonNode tree = MAPPER.readTree(json);
      long version = tree.path("version").asLong(0);
      if (version > newest) {
        throw new RejectedRecordException(
            RejectReason.NEWER_VERSION,
            "%s version=%d, this reader knows up to %d: upgrade the reader"
                .formatted(what, version, newest));
      }
      if (version < 1) {
        throw new RejectedRecordException(
            RejectReason.UNREADABLE, "not an " + what + ": it has no version");
      }
      return reader.readValue(tree);
    } catch (IOException e) {
      throw new RejectedRecordException(
          RejectReason.UNREADABLE, "not an " + what + ": " + e.getMessage(), e);
    }
  }
}
