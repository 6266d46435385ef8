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
  private final JsonNode specificationSchema = read("session-specification.schema.json");
  private final JsonNode commandSchema = read("session-command.schema.json");
  private final JsonNode reportSchema = read("connection-report.schema.json");
  private final JsonNode statusSchema = read("session-status.schema.json");

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
  void shouldAcceptEveryRecordOfASessionTheCodeWrites() {
    assertThat(faults(specificationSchema, JsonRecords.write(Samples.specification()))).isEmpty();
    SessionSpecification bare = SessionSpecification.of("lobby", Samples.PUSHED);
    assertThat(faults(specificationSchema, JsonRecords.write(bare))).isEmpty();
    assertThat(faults(commandSchema, JsonRecords.write(Samples.command()))).isEmpty();
    assertThat(faults(reportSchema, JsonRecords.write(Samples.report()))).isEmpty();
    assertThat(faults(statusSchema, JsonRecords.write(Samples.status()))).isEmpty();
  }

  @Test
  void shouldAskOfAReportWhatTheReaderAsks() {
    for (ReportKind kind : ReportKind.values()) {
      byte[] bare = JsonRecords.write(ConnectionReport.builder(kind, "gateway-1").build(1));
      assertThat(faults(reportSchema, bare)).as("%s", kind).isNotEmpty();
    }
    byte[] greeting =
        JsonRecords.write(ConnectionReport.greeting("gateway-1", new VersionRange(1, 2), 1));
    assertThat(faults(reportSchema, greeting)).isEmpty();
  }

  @Test
  void shouldNotAcceptACommandWithTwoLiveConnections() {
    DesiredConnection live = new DesiredConnection(Samples.PULLED, 1, 1L, Role.LIVE, null, null);
    byte[] two =
        JsonRecords.write(new SessionCommand(1, "lobby", List.of(live, live), List.of(), 1));

    assertThat(faults(commandSchema, two)).isNotEmpty();
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
    assertThat(properties(specificationSchema)).isEqualTo(components(SessionSpecification.class));
    JsonNode specified = specificationSchema.get("$defs");
    assertThat(properties(specified.get("source")))
        .isEqualTo(components(SourceSpecification.class));
    assertThat(properties(specified.get("policy"))).isEqualTo(components(PolicyOverrides.class));
    assertThat(properties(specified.get("trigger"))).isEqualTo(components(TriggerPolicy.class));
    assertThat(properties(specified.get("pin"))).isEqualTo(components(Pin.class));
    assertThat(properties(commandSchema)).isEqualTo(components(SessionCommand.class));
    assertThat(properties(commandSchema.at("/$defs/connection")))
        .isEqualTo(components(DesiredConnection.class));
    assertThat(commandSchema.at("/$defs/source")).isEqualTo(specified.get("source"));
    assertThat(properties(reportSchema)).isEqualTo(components(ConnectionReport.class));
    assertThat(properties(reportSchema.at("/$defs/statistics")))
        .isEqualTo(components(ConnectionStatistics.class));
    assertThat(properties(reportSchema.at("/properties/versions")))
        .isEqualTo(components(VersionRange.class));
    assertThat(properties(statusSchema)).isEqualTo(components(SessionStatus.class));
    assertThat(properties(statusSchema.at("/$defs/source")))
        .isEqualTo(components(SourceStatus.class));
    assertThat(properties(statusSchema.at("/$defs/decoding")))
        .isEqualTo(components(Decoding.class));
    assertThat(statusSchema.at("/$defs/decoding")).isEqualTo(eventSchema.at("/$defs/decoding"));
    for (JsonNode schema : List.of(statusSchema, eventSchema)) {
      assertThat(schema.at("/$defs/timing")).isEqualTo(definitions.get("timing"));
    }
  }

  @Test
  void shouldListExactlyTheNamesOfTheEnums() throws Exception {
    Set<String> reasons =
        Arrays.stream(DropReason.values()).map(DropReason::label).collect(Collectors.toSet());

    assertThat(texts(eventSchema.at("/properties/kind/enum")))
        .isEqualTo(jsonNames(EventKind.values()));
    assertThat(texts(eventSchema.at("/then/properties/name/enum"))).isEqualTo(reasons);
    JsonNode specified = specificationSchema.get("$defs");
    assertThat(texts(specified.at("/source/properties/transport/enum")))
        .isEqualTo(jsonNames(SourceTransport.values()));
    assertThat(texts(specified.at("/policy/properties/triggers/propertyNames/enum")))
        .isEqualTo(jsonNames(Trigger.values()));
    assertThat(texts(commandSchema.at("/$defs/connection/properties/role/enum")))
        .isEqualTo(jsonNames(Role.values()));
    assertThat(texts(reportSchema.at("/properties/role/enum"))).isEqualTo(jsonNames(Role.values()));
    assertThat(texts(reportSchema.at("/properties/kind/enum")))
        .isEqualTo(jsonNames(ReportKind.values()));
    assertThat(texts(reportSchema.at("/properties/reason/enum")))
        .isEqualTo(jsonNames(CloseReason.values()));
    assertThat(texts(statusSchema.at("/$defs/source/properties/triggers/items/enum")))
        .isEqualTo(jsonNames(Trigger.values()));
    for (Trigger trigger : Trigger.values()) {
      assertThat(trigger.label()).isEqualTo(jsonName(trigger));
    }
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

  private static Set<String> jsonNames(Enum<?>... values) {
    return Arrays.stream(values).map(JsonSchemaTest::jsonName).collect(Collectors.toSet());
  }

  private static String jsonName(Enum<?> value) {
    try {
      return value
          .getDeclaringClass()
          .getField(value.name())
          .getAnnotation(JsonProperty.class)
          .value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
