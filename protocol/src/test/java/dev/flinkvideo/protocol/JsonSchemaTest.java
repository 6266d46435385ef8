package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the published schemas and the records that the code writes to each other. */
class JsonSchemaTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path SCHEMAS =
      Path.of(System.getProperty("project.root", ".."), "config", "schemas");

  private final JsonNode observationSchema = read("observation.schema.json");
  private final JsonNode eventSchema = read("event.schema.json");

  @Test
  void shouldAcceptEveryObservationTheCodeWrites() {
    assertThat(faults(observationSchema, JsonRecords.write(Samples.frame()))).isEmpty();
    assertThat(faults(observationSchema, JsonRecords.write(Samples.bareFrame()))).isEmpty();
    assertThat(faults(observationSchema, JsonRecords.write(Samples.interval()))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void shouldAcceptEveryKindOfEvent(EventKind kind) {
    String name = kind == EventKind.DROPPED ? DropReason.CORRUPT.label() : "any";

    assertThat(faults(eventSchema, JsonRecords.write(Samples.event(kind, name)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void shouldAcceptEveryReasonOfADrop(DropReason reason) {
    Event dropped = Samples.event(EventKind.DROPPED, reason.label());

    assertThat(faults(eventSchema, JsonRecords.write(dropped))).isEmpty();
  }

  @Test
  void shouldAcceptTheLeastAnEventCanSay() {
    byte[] json = JsonRecords.write(Event.builder("lobby", EventKind.STREAMING).build(1));

    assertThat(faults(eventSchema, json)).isEmpty();
  }

  @Test
  void shouldNotAcceptAFieldOrAReasonNobodyWrites() throws IOException {
    for (byte[] record :
        List.of(JsonRecords.write(Samples.frame()), JsonRecords.write(Samples.interval()))) {
      ObjectNode more = ((ObjectNode) MAPPER.readTree(record)).put("brandNew", 1);
      assertThat(faults(observationSchema, MAPPER.writeValueAsBytes(more))).isNotEmpty();
    }
    ObjectNode event = (ObjectNode) MAPPER.readTree(JsonRecords.write(Samples.event()));
    assertThat(faults(eventSchema, MAPPER.writeValueAsBytes(event.put("brandNew", 1))))
        .isNotEmpty();
    Event dropped = Samples.event(EventKind.DROPPED, "no-such-reason");
    assertThat(faults(eventSchema, JsonRecords.write(dropped))).isNotEmpty();
  }

  @Test
  void shouldListExactlyTheFieldsOfTheRecords() {
    assertThat(properties(eventSchema)).isEqualTo(components(Event.class));
    JsonNode definitions = observationSchema.get("$defs");
    assertThat(properties(definitions.get("frame")))
        .isEqualTo(withKind(components(FrameObservation.class)));
    assertThat(properties(definitions.get("interval")))
        .isEqualTo(withKind(components(IntervalObservation.class)));
    assertThat(properties(definitions.get("timing"))).isEqualTo(components(Timing.class));
    assertThat(properties(definitions.get("range")))
        .isEqualTo(components(IntervalObservation.Range.class));
  }

  @Test
  void shouldListExactlyTheNamesOfTheEnums() throws Exception {
    Set<String> kinds =
        Arrays.stream(EventKind.values()).map(JsonSchemaTest::jsonName).collect(Collectors.toSet());
    Set<String> reasons =
        Arrays.stream(DropReason.values()).map(DropReason::label).collect(Collectors.toSet());

    assertThat(texts(eventSchema.at("/properties/kind/enum"))).isEqualTo(kinds);
    assertThat(texts(eventSchema.at("/then/properties/name/enum"))).isEqualTo(reasons);
  }

  private static JsonNode read(String file) {
    try {
      return MAPPER.readTree(Files.readString(SCHEMAS.resolve(file)));
    } catch (IOException e) {
      throw new IllegalStateException("the schemas lie in " + SCHEMAS.toAbsolutePath(), e);
    }
  }

  private static Set<String> faults(JsonNode schema, byte[] json) {
    JsonSchema validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    try {
      return validator.validate(MAPPER.readTree(json)).stream()
          .map(Object::toString)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new IllegalStateException("the code writes JSON", e);
    }
  }

  private static Set<String> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> component.getName())
        .collect(Collectors.toSet());
  }

  private static Set<String> withKind(Set<String> names) {
    names.add("kind");
    return names;
  }

  private static Set<String> properties(JsonNode schema) {
    return schema.get("properties").properties().stream()
        .map(property -> property.getKey())
        .collect(Collectors.toSet());
  }

  private static Set<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toSet());
  }

  private static String jsonName(EventKind kind) {
    try {
      return EventKind.class.getField(kind.name()).getAnnotation(JsonProperty.class).value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
