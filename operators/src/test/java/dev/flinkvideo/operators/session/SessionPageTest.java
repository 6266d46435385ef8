package dev.flinkvideo.operators.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.protocol.JsonRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Holds docs/session.md and the published schema to the enum; {@code -Dregenerate=true} writes. */
class SessionPageTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Path PAGE = ROOT.resolve("docs/session.md");
  private static final String BEGIN =
      "<!-- generated from SessionState by SessionPageTest: -Dregenerate=true -->\n";
  private static final String END = "<!-- end -->";

  @Test
  void shouldDrawTheStatesAsTheEnumDoes() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    String generated = "\n" + graph() + "\n" + table() + "\n";
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(PAGE, page.substring(0, from) + generated + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to)).isEqualTo(generated);
  }

  @Test
  void shouldPublishExactlyTheStatesAndPhasesThatThereAre() throws Exception {
    JsonNode schema =
        new ObjectMapper()
            .readTree(ROOT.resolve("config/schemas/session-status.schema.json").toFile());

    assertThat(texts(schema.at("/properties/state/enum")))
        .containsExactlyElementsOf(
            Arrays.stream(SessionState.values()).map(SessionState::label).toList());
    assertThat(texts(schema.at("/$defs/source/properties/phase/enum")))
        .containsExactlyElementsOf(Arrays.stream(Phase.values()).map(Phase::label).toList());
  }

  @Test
  void shouldShowSpecificationsThatTheJobTakes() throws Exception {
    String page = Files.readString(PAGE);
    List<String> examples =
        Arrays.stream(page.split("\n\n"))
            .filter(block -> block.startsWith("    {\"version\""))
            .toList();

    assertThat(examples).hasSize(3);
    for (String example : examples) {
      assertThat(JsonRecords.readSpecification(example.getBytes(UTF_8)).sources()).isNotEmpty();
    }
  }

  /** As it is drawn in the enum's Javadoc. */
  private static String graph() throws Exception {
    String source =
        Files.readString(
            ROOT.resolve(
                "operators/src/main/java/dev/flinkvideo/operators/session/SessionState.java"));
    String drawn = source.substring(source.indexOf("<pre>") + 6, source.indexOf("* </pre>"));
    return drawn
            .lines()
            .map(line -> line.replaceFirst("^ \\*( {3})?", ""))
            .map(line -> line.isBlank() ? "" : "    " + line)
            .collect(Collectors.joining("\n"))
            .stripTrailing()
        + "\n";
  }

  private static String table() {
    StringJoiner rows = new StringJoiner("\n");
    rows.add("| state | code | is | may be followed by |");
    rows.add("|---|---|---|---|");
    for (SessionState state : SessionState.values()) {
      String next =
          Arrays.stream(SessionState.values())
              .filter(to -> to.maySucceed(state))
              .map(SessionState::name)
              .collect(Collectors.joining(", "));
      rows.add("| %s | %d | %s | %s |".formatted(state, state.code(), state.sentence(), next));
    }
    return rows + "\n";
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
