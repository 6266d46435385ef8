package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearseCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Truck streams and goes silent for 4 s; the job, with its defaults, had it stalled. */
  private static final List<String> SIGNALS =
      List.of(
          "{'atMs':1000,'kind':'spec','specification':{'version':1,'session':'lobby','sources':["
              + "{'name':'truck','transport':'srt','endpoint':'srt://truck:9000'}]}}",
          report(1200, "live", 40, 1),
          report(2200, "statistics", 40, 1),
          report(3200, "statistics", 1000, 1),
          report(4200, "statistics", 2000, 1),
          "{'atMs':5300,'kind':'change','event':{'version':1,'session':'lobby','kind':'session-changed',"
              + "'name':'stalled','source':'truck','epoch':1000,'from':'streaming','to':'stalled',"
              + "'stoodMs':4000,'atUs':5200000}}",
          report(6200, "statistics", 40, 2),
          "{'atMs':7000,'kind':'alarm','event':{'version':1,'session':'lobby','kind':'alarm-raised',"
              + "'name':'black','source':'truck','epoch':1000,'atUs':7000000}}",
          "{'atMs':8000,'kind':'tick'}",
          "{'atMs':9000,'kind':'spec','session':'lobby'}");

  @TempDir Path directory;
  private Path policy;
  private Path signals;

  @BeforeEach
  void write() throws Exception {
    policy = Files.writeString(directory.resolve("policy.json"), "{}");
    signals =
        Files.writeString(directory.resolve("signals.jsonl"), json(String.join("\n", SIGNALS)));
  }

  @Test
  void shouldPrintTheChangesOfThePolicyBesideThoseThatWereMade() {
    CapturedRun run = rehearse();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .hasSize(6)
        .first()
        .isEqualTo(
            json(
                "{'atMs':1000,'session':'lobby','from':'idle','to':'connecting','reason':'specified',"
                    + "'source':'truck','epoch':1001,'commands':[{'version':1,'session':'lobby',"
                    + "'connections':[{'source':{'name':'truck','transport':'srt',"
                    + "'endpoint':'srt://truck:9000'},'connection':1000,'epoch':1001,'role':'live'}],"
                    + "'awaited':[],'atMs':1000}]}"));
    assertThat(run.out().get(2))
        .isEqualTo(
            json(
                "{'atMs':5200,'session':'lobby','from':'streaming','to':'stalled','reason':'stalled',"
                    + "'source':'truck','epoch':1001,'commands':[]}"));
    assertThat(run.out().get(3)).contains("\"atMs\":5300").endsWith("\"made\":true}");
    assertThat(run.out().get(4)).contains("\"reason\":\"recovered\"");
    assertThat(run.out().get(5)).contains("\"to\":\"closed\"", "\"connections\":[]");
  }

  @Test
  void shouldShowThatAMorePatientPolicyWouldNotHaveStalled() throws Exception {
    Files.writeString(policy, "{\"stallAfterMs\":6000}");

    assertThat(rehearse().out())
        .filteredOn(line -> !line.contains("\"made\""))
        .noneMatch(line -> line.contains("stalled"));
  }

  @Test
  void shouldTakeTheJobsOwnPolicyFromItsConfiguration() throws Exception {
    Path config = Files.writeString(directory.resolve("job.yaml"), "session.stall-after: 6s\n");
    assertThat(rehearse("--config", config.toString()).out())
        .isNotEmpty()
        .filteredOn(line -> !line.contains("\"made\""))
        .noneMatch(line -> line.contains("stalled"));

    Files.writeString(config, "session.stall-after: 0s\n");
    CapturedRun wrong = rehearse("--config", config.toString());
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("option 'session.stall-after' is 0").hasLineCount(1);
  }

  @Test
  void shouldPrintTheSameBytesForTheSameInput() {
    assertThat(rehearse().out()).isEqualTo(rehearse().out());
  }

  @Test
  void shouldRefuseAWrongPolicyAndSayWhatIsAllowed() throws Exception {
    Files.writeString(policy, "{\"stallAfter\":1}");
    CapturedRun unknown = rehearse();
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("/stallAfter: unknown, allowed are [", "stallAfterMs");

    Files.writeString(policy, "{\"triggers\":{\"blak\":{}}}");
    assertThat(rehearse().err()).contains("key-frame-interval");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello|not JSON at line 1, column 6",
        "null|/atMs: missing or of another kind, allowed are ms since 1970",
        "{'kind':'tick'}|/atMs: missing or of another kind, allowed are ms since 1970",
        "{'atMs':1.5,'kind':'tick'}|/atMs: missing or of another kind, allowed are ms since 1970",
        "{'atMs':100000000000000000000,'kind':'tick'}|/atMs: missing or of another kind",
        "{'atMs':1800000000000000,'kind':'tick'}|/atMs: 1800000000000000 is 20833333 days from the first",
        "{'atMs':1,'kind':'tock'}|/kind: 'tock', allowed are spec, report, alarm, change, tick",
        "{'atMs':1,'kind':'report'}|/report: it is missing",
        "{'atMs':1,'kind':'report','report':{}}|not a connection report: it has no version",
        "{'atMs':1,'kind':'alarm','event':[]}|/event: it is missing",
        "{'atMs':1,'kind':'spec'}|/session: it is missing: say which session ends",
        "{'atMs':1,'kind':'spec','specification':{'version':1,'session':'s'}}|/sources: it has none",
        "{'atMs':1,'kind':'tick'} x|not JSON at line 1, column 27",
      })
  void shouldNameTheLineThatItCannotRead(String line, String message) throws Exception {
    Files.writeString(signals, json("{'atMs':1,'kind':'tick'}\n" + line));
    CapturedRun run = rehearse();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("line 2: " + message).hasLineCount(1);
  }

  @Test
  void shouldReadWhatTheSchemaAllows() throws Exception {
    JsonSchema schema = schema();
    for (String line : SIGNALS) {
      assertThat(schema.validate(MAPPER.readTree(json(line)))).as(line).isEmpty();
    }
    JsonNode wrong = MAPPER.readTree("{\"atMs\":1,\"kind\":\"report\"}");
    assertThat(schema.validate(wrong)).isNotEmpty();
  }

  private CapturedRun rehearse(String... further) {
    List<String> words = new ArrayList<>(List.of("rehearse", "--policy", policy.toString()));
    words.addAll(List.of("--signals", signals.toString()));
    words.addAll(List.of(further));
    return CapturedRun.of(words.toArray(String[]::new));
  }

  private static String report(long atMs, String kind, long silentMs, int keyFrames) {
    return ("{'atMs':%d,'kind':'report','report':{'version':1,'kind':'%s','session':'lobby','source':'truck',"
            + "'connection':1000,'epoch':1000,'openedAtMs':1100,'gateway':'g','role':'live',"
            + "'statistics':{'silentMs':%d,'accessUnits':9,'keyFrames':%d},'atMs':%d}}")
        .formatted(atMs, kind, silentMs, keyFrames, atMs);
  }

  private static JsonSchema schema() throws Exception {
    Path schemas = Path.of(System.getProperty("project.root", ".."), "config/schemas");
    String[] parts = {"session-specification", "connection-report", "event"};
    Map<String, String> byId = new HashMap<>();
    for (String part : parts) {
      byId.put(
          "urn:flink-video:schema:" + part + ":1",
          Files.readString(schemas.resolve(part + ".schema.json")));
    }
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(byId)));
    return factory.getSchema(Files.readString(schemas.resolve("signal.schema.json")));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
