package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigurationTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("project.root"), "config", "ingest.yaml");

  private static final String SINGLE_PORT = "srt: {singlePorts: [{port: 9001, stream: lobby}]}\n";

  @TempDir Path directory;

  @Test
  void shouldShipEveryKeyWithItsDefault() throws IOException {
    YAMLMapper mapper = new YAMLMapper();
    JsonNode shipped = mapper.readTree(Files.readString(SHIPPED));

    assertThat(shipped).isEqualTo(asRead(mapper, GatewayConfiguration.DEFAULT));
  }

  /** Numbers as a reader of YAML chooses their width. */
  private static JsonNode asRead(YAMLMapper mapper, Object value) throws IOException {
    return mapper.readTree(mapper.writeValueAsString(value));
  }

  @Test
  void shouldExplainEveryKey() throws IOException {
    String before = "";
    for (String line : Files.readString(SHIPPED).split("\n")) {
      boolean topLevel = line.matches("[a-zA-Z]+: .+");
      assertThat(topLevel && !before.startsWith("#")).as(line).isFalse();
      before = line;
    }
  }

  @Test
  void shouldTakeDefaultsForWhatIsLeftOut() throws IOException {
    GatewayConfiguration read = read("rtmp: {port: 19350}\ncredentials: {truck: secret}\n");

    assertThat(read.rtmp().port()).isEqualTo(19350);
    assertThat(read.rtmp().enabled()).isTrue();
    assertThat(read.credentials()).isEqualTo(Map.of("truck", "secret"));
    assertThat(read.srt()).isEqualTo(GatewayConfiguration.DEFAULT.srt());
  }

  @Test
  void shouldTakeAnEmptyFileForTheDefaults() throws IOException {
    assertThat(read("# nothing\n")).isEqualTo(GatewayConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "'rtmp: {prot: 1935}', unknown key 'prot'",
    "'rmtp: {port: 1935}', unknown key 'rmtp'",
    "'rtmp: {port: 70000}', rtmp.port: 70000 is no port",
    "'rtmp: 1935', rtmp: give keys and values",
    "'nothing', the file: give keys and values",
    "'auth: maybe', 'auth: give one of [keys, none]'",
    "'http: {port: many}', http.port: give a whole number",
    "'http: {port: 99999999999999999999}', http.port: this value cannot be used here",
    "'rtmp: {enabled: perhaps}', rtmp.enabled: give true or false",
    "'createSessions: live/*', createSessions: give a list",
    "'publishers: [{stream: a, secret: b}, {stream: a, secret: c}]', 'publishers: ''a'' is there twice'",
    "'timeouts: {connectMs: 0}', timeouts.connectMs: 0",
    "'publishers: [{stream: a}]', publishers: each needs a stream and a secret",
    "'srt: {singlePorts: [{port: 9001}]}', srt.singlePorts[0]: needs a port and a stream"
  })
  void shouldSayWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ingest.yaml: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret: 'sesame | line 3, column",
        "secret: sesame: sesame | line 2, column",
        "secret: @sesame | line 2, column 11",
        "secret: !sesame!sesame x | line 2, column 11",
        "secret: *sesame/ | line 2, column",
        "secret: [sesame] | publishers[0].secret: give a text",
        "secret: {sesame: sesame} | publishers[0].secret: give a text"
      },
      quoteCharacter = '"')
  void shouldPrintNoSecretOfALineThatCannotBeRead(String line, String where) {
    assertNoSecret("publishers: [{stream: a,\n  " + line + "}]\n", where);
  }

  @ParameterizedTest
  @CsvSource({
    "credentials, credentials: give keys and values",
    "kafka, kafka: give keys and values",
    "publishers, publishers: give a list",
    "auth, 'auth: give one of [keys, none]'"
  })
  void shouldPrintNoSecretInAPlaceOfOthers(String key, String message) {
    assertNoSecret(key + ": sesame\n", message);
  }

  private void assertNoSecret(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ingest.yaml: " + message)
        .satisfies(
            e -> {
              StringWriter printed = new StringWriter();
              e.printStackTrace(new PrintWriter(printed));
              assertThat(printed.toString()).doesNotContain("sesame");
            });
  }

  @Test
  void shouldTakeDefaultsForKeysWithoutAValue() throws IOException {
    assertThat(read("publishers:\n  # none yet\ncredentials:\nkafka:\nname:\n"))
        .isEqualTo(GatewayConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "credentials: {lobby: a-pass-phrase}",
        "publishers: [{stream: live/lobby, secret: a-pass-phrase}]"
      })
  void shouldRefuseASinglePortWithoutASecret(String secrets) {
    assertThatThrownBy(() -> read(SINGLE_PORT + secrets))
        .hasMessageEndingWith(
            "ingest.yaml: srt.singlePorts[0].stream: 'lobby' has no secret, so that anybody could"
                + " publish there; add {stream: lobby, secret: ...} to publishers, credentials do"
                + " not count here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth: none", "publishers: [{stream: lobby, secret: a-pass-phrase}]"})
  void shouldTakeASinglePortWithASecretOrWhereNoneIsAsked(String secrets) throws IOException {
    assertThat(read(SINGLE_PORT + secrets).srt().singlePorts()).hasSize(1);
  }

  @Test
  void shouldKeepToLoopbackWithoutKeysUnlessTold() throws IOException {
    assertThat(read("auth: none\n").mediaAddress().isLoopbackAddress()).isTrue();
    assertThat(read("auth: none\nbind: 0.0.0.0\n").mediaAddress().isAnyLocalAddress()).isTrue();
    assertThat(read("auth: keys\n").mediaAddress().isAnyLocalAddress()).isTrue();
  }

  @Test
  void shouldPrintNoSecret() throws IOException {
    GatewayConfiguration read =
        read(
            "publishers: [{stream: a, secret: sesame}]\n"
                + "credentials: {truck: sesame}\n"
                + "rtmp: {tls: {keyStore: k, keyStorePassword: sesame}}\n"
                + "kafka: {properties: {sasl.jaas.config: sesame}}\n");

    assertThat(read.toString()).doesNotContain("sesame");
  }

  private GatewayConfiguration read(String yaml) throws IOException {
    return GatewayConfiguration.read(Files.writeString(directory.resolve("ingest.yaml"), yaml));
  }
}
