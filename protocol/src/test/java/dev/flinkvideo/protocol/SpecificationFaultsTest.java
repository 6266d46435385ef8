package dev.flinkvideo.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecificationFaultsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void shouldFindNothingWrongWithWhatIsRight() {
    assertThat(SpecificationFaults.of(Samples.specification())).isEmpty();
    assertThat(SpecificationFaults.of(Samples.POLICY)).isEmpty();
  }

  /** Path, a wrong value, and what is said of it; the schema must refuse the same. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/session|''|/session: it has 0 characters, allowed are 1 to 1000",
        "/sources|[]|/sources: it has none: name 1 to 16",
        "/sources/0|null|/sources/0: it is null: describe the source or leave it out",
        "/sources/0/name|''|/sources/0/name: it has 0 characters, allowed are 1 to 1000",
        "/sources/0/transport|null|/sources/0/transport: it is missing, allowed are rtmp, srt, webrtc, file",
        "/sources/0/endpoint|'rtmp://x'|/sources/0/endpoint: 'rtmp://x' does not begin with srt:",
        "/sources/1/endpoint|'rtmp://x'|/sources/1: give either an endpoint (it is pulled) or a streamKey (a publisher pushes it)",
        "/sources/1/streamKey|null|/sources/1: give either an endpoint (it is pulled) or a streamKey (a publisher pushes it)",
        "/sources/1/transport|'file'|/sources/1/streamKey: a file is not pushed: give an endpoint, file:/PATH",
        "/sources/0/latencyMs|60001|/sources/0/latencyMs: 60001, allowed are 0 to 60000",
        "/policy/stallAfterMs|499|/policy/stallAfterMs: 499, allowed are 500 to 604800000",
        "/policy/backoffFactor|0.5|/policy/backoffFactor: 0.5, allowed are 1 to 100",
        "/policy/backoffJitter|1|/policy/backoffJitter: 1.0, allowed are 0 to 0.9",
        "/policy/standbys|16|/policy/standbys: 16, allowed are 0 to 15",
        "/policy/quarantineFlaps|0|/policy/quarantineFlaps: 0, allowed are 1 to 16",
        "/policy/reportWithinMs|1000|/policy/reportWithinMs: 1000, allowed are 2000 to 604800000",
        "/policy/triggers/loss|null|/policy/triggers/loss: it is null: say {} to enable it with the defaults",
        "/policy/triggers/loss/raiseMs|-1|/policy/triggers/loss/raiseMs: -1, allowed are 0 to 604800000",
        "/pin/untilMs|-5|/pin/untilMs: -5, allowed are 0 to 9223372036854775807",
      })
  void shouldSayWhereAndWhatIsAllowed(String path, String value, String message) throws Exception {
    JsonNode wrong = changed(path, MAPPER.readTree(value.replace('\'', '"')));

    assertThat(SpecificationFaults.of(MAPPER.treeToValue(wrong, SessionSpecification.class)))
        .containsExactly(message);
    if (!value.equals("null")) { // the schema has no null: what is null is left out
      assertThat(schema().validate(wrong)).isNotEmpty();
    }
  }

  @Test
  void shouldKnowWhatASchemaCannot() throws Exception {
    JsonNode twice = changed("/sources/1/name", MAPPER.readTree("\"lobby-srt\""));
    assertThat(SpecificationFaults.of(MAPPER.treeToValue(twice, SessionSpecification.class)))
        .containsExactly(
            "/sources/1/name: 'lobby-srt' is there twice: give each its own",
            "/pin/source: no source 'lobby-rtmp', allowed are [lobby-srt, lobby-srt]");
  }

  /** An address that no gateway can open is better refused here than closed again and again. */
  @ParameterizedTest
  @CsvSource({
    "srt://truck, srt://HOST:PORT",
    "srt://:9000, srt://HOST:PORT",
    "srt://truck:99999, srt://HOST:PORT",
    "srt://the truck:9000, srt://HOST:PORT",
    "srt:, srt://HOST:PORT",
    "rtmp:/live/cam, rtmp://HOST/APP/KEY",
    "rtmps://truck:0/live, rtmp://HOST/APP/KEY",
    "http:///whep, http://HOST/PATH of a WHEP server",
  })
  void shouldSayHowAnAddressLooksThatCanBeOpened(String endpoint, String remedy) {
    SourceTransport transport =
        endpoint.startsWith("srt")
            ? SourceTransport.SRT
            : endpoint.startsWith("rtmp") ? SourceTransport.RTMP : SourceTransport.WEBRTC;
    SourceSpecification source = SourceSpecification.pull("truck", transport, endpoint);

    assertThat(SpecificationFaults.of(SessionSpecification.of("lobby", source)))
        .containsExactly(
            "/sources/0/endpoint: '%s' cannot be opened: give %s".formatted(endpoint, remedy));
  }

  @Test
  void shouldRefuseNamesThatNobodyCanReadAndBoundsThatContradictEachOther() throws Exception {
    JsonNode blank = changed("/session", MAPPER.readTree("\"a\\nb\""));
    assertThat(SpecificationFaults.of(MAPPER.treeToValue(blank, SessionSpecification.class)))
        .containsExactly("/session: it is blank or has a control character: use what can be read");

    PolicyOverrides policy =
        MAPPER.readValue(
            "{\"backoffInitialMs\":2000,\"backoffMaxMs\":1000}", PolicyOverrides.class);
    assertThat(SpecificationFaults.of(policy))
        .containsExactly(
            "/backoffMaxMs: 1000, allowed is no less than backoffInitialMs, which is 2000");
  }

  private static JsonNode changed(String path, JsonNode value) throws Exception {
    ObjectNode tree = (ObjectNode) MAPPER.readTree(JsonRecords.write(Samples.specification()));
    int slash = path.lastIndexOf('/');
    JsonNode parent = tree.at(path.substring(0, slash));
    String name = path.substring(slash + 1);
    if (parent.isArray()) {
      ((ArrayNode) parent).set(Integer.parseInt(name), value);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
    return tree;
  }

  private static JsonSchema schema() throws Exception {
    Path file =
        Path.of(
            System.getProperty("project.root", ".."),
            "config/schemas/session-specification.schema.json");
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(new String(Files.readAllBytes(file), UTF_8));
  }
}
