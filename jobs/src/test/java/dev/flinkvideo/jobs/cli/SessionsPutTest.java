package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No broker runs: what is wrong is refused before anything is sent anywhere. */
class SessionsPutTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String RIGHT =
      """
      {"version": 1, "session": "lobby",
       "sources": [{"name": "truck", "transport": "srt", "endpoint": "srt://truck:9000"},
                   {"name": "backup", "transport": "rtmp", "streamKey": "live/lobby"}],
       "policy": {"standbys": 1, "triggers": {"black": {"raiseMs": 2000}}},
       "pin": {"source": "backup", "untilMs": 1}}""";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/version|2|/version: 2, allowed is 1",
        "/version|'1'|/version: missing or of another kind, allowed is a whole number",
        "/version||/version: missing or of another kind, allowed is a whole number",
        "/session|17|/session: '17', allowed is a text",
        "/session||/session: it has no characters, allowed are 1 to 1000",
        "/polcy|{}|/polcy: unknown, allowed are [pin, policy, session, sources, version]",
        "/sources|[]|/sources: it has none: name 1 to 16",
        "/sources|{}|/sources: missing or of another kind, allowed is a list",
        "/sources/0|'srt://truck:9000'|/sources/0: missing or of another kind, allowed is an object",
        "/sources/0/name|true|/sources/0/name: 'true', allowed is a text",
        "/sources/0/name|{}|/sources/0/name: missing or of another kind, allowed is a text",
        "/sources/1/name|'truck'|/sources/1/name: 'truck' is there twice: give each its own",
        "/sources/0/priority|1|/sources/0/priority: unknown, allowed are [credential, endpoint,",
        "/sources/0/transport|'hls'|/sources/0/transport: 'hls', allowed are [rtmp, srt, webrtc, file]",
        "/sources/0/transport|1|/sources/0/transport: '1', allowed are [rtmp, srt, webrtc, file]",
        "/sources/0/endpoint|'srt://truck'|/sources/0/endpoint: 'srt://truck' cannot be opened: give srt://HOST:PORT",
        "/policy|'calm'|/policy: missing or of another kind, allowed is an object",
        "/policy/standbys|-1|/policy/standbys: -1, allowed are 0 to 15",
        "/policy/standbys|1000000000000|/policy/standbys: Numeric value (1000000000000) out of range of int",
        "/policy/stallAfterMs|'3000'|/policy/stallAfterMs: missing or of another kind, allowed is a whole number",
        "/policy/stallAfterMs|3000.5|/policy/stallAfterMs: '3000.5', allowed is a whole number",
        "/policy/makeBeforeBreak|1|/policy/makeBeforeBreak: '1', allowed is true or false",
        "/policy/backoffJitter|'NaN'|/policy/backoffJitter: NaN, allowed are 0 to 0.9",
        "/policy/triggers/blak|{}|/policy/triggers: 'blak', allowed are [black, frozen, blurred, blocky, loss,",
        "/policy/triggers/black|5|/policy/triggers/black: missing or of another kind, allowed is an object",
        "/pin/source|'phone'|/pin/source: no source 'phone', allowed are [truck, backup]",
        "/pin/untilMs||/pin/untilMs: missing or of another kind, allowed is a whole number",
      })
  void shouldSayWhereItIsWrongAndWhatIsAllowed(String path, String value, String message)
      throws Exception {
    ObjectNode tree = (ObjectNode) MAPPER.readTree(RIGHT);
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (value == null) {
      ((ObjectNode) tree.at(path.substring(0, slash))).remove(name);
    } else if (tree.at(path.substring(0, slash)) instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), MAPPER.readTree(value.replace('\'', '"')));
    } else {
      ((ObjectNode) tree.at(path.substring(0, slash)))
          .set(name, MAPPER.readTree(value.replace('\'', '"')));
    }

    assertRefused(tree.toString(), message);
  }

  @Test
  void shouldSayOnWhichLineItIsNoJson() throws Exception {
    assertRefused("", "it is empty: write a JSON object");
    assertRefused("null", "it is null: write a JSON object");
    assertRefused("version: 1", "not JSON at line 1, column 9: Unrecognized token 'version'");
    assertRefused(RIGHT + "\n{}", "line 6: more follows the JSON object: write one");
    assertRefused("[" + RIGHT + "]", "/: missing or of another kind, allowed is an object");
    assertRefused(RIGHT.substring(0, 40), "not JSON at line 2");
    assertRefused(
        RIGHT.replace("2000", "NaN"), "not JSON at line 4, column 65: Non-standard token");
    assertRefused(
        RIGHT.replace("\"sources\"", "\"session\""), "not JSON at line 2", "Duplicate field");
  }

  @Test
  void shouldSendNothingOfManyIfOneIsWrong() throws Exception {
    Path right = Files.writeString(directory.resolve("right.json"), RIGHT);
    Path wrong = Files.writeString(directory.resolve("wrong.json"), "{\"version\": 1}");

    CapturedRun run = put(right, wrong);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("wrong.json: /session: it has no characters");
    assertThat(put(directory.resolve("none.json")).err()).contains("cannot read", "none.json");
  }

  private void assertRefused(String json, String... message) throws Exception {
    CapturedRun run = put(Files.writeString(directory.resolve("lobby.json"), json));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).contains("lobby.json: ").hasLineCount(1);
  }

  private static CapturedRun put(Path... files) {
    String[] args = new String[files.length + 4];
    args[0] = "sessions";
    args[1] = "put";
    args[2] = "--bootstrap";
    args[3] = "127.0.0.1:1";
    for (int i = 0; i < files.length; i++) {
      args[4 + i] = files[i].toString();
    }
    return CapturedRun.of(args);
  }
}
