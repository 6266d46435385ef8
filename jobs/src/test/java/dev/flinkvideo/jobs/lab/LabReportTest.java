package dev.flinkvideo.jobs.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class LabReportTest {
  private static final Experiment EXPERIMENT =
      new Experiment() {
        @Override
        public String name() {
          return "trial";
        }

        @Override
        public String description() {
          return "Shows how it is written down.";
        }

        @Override
        public Outcome run(LabSettings settings) {
          throw new UnsupportedOperationException();
        }
      };

  @TempDir private Path directory;

  @Test
  void shouldWriteJsonAsItIsPromised() throws Exception {
    write(Check.atMost("lost, at most", 0, 0, ""), Check.atMost("wait, at most", 2.5, 1, "s"));

    JsonNode json = new ObjectMapper().readTree(directory.resolve("trial.json").toFile());
    assertThat(fields(json)).containsExactly("name", "passed", "checks", "host", "command");
    assertThat(fields(json.at("/checks/0")))
        .containsExactly("name", "value", "limit", "unit", "passed");
    assertThat(json.path("passed").asBoolean()).isFalse();
    assertThat(json.at("/checks/0/passed").asBoolean()).isTrue();
    assertThat(json.at("/checks/1/passed").asBoolean()).isFalse();
    assertThat(json.at("/checks/1/value").asDouble()).isEqualTo(2.5);
    assertThat(json.path("command").asText()).isEqualTo("flink-video lab run trial");
    assertThat(json.at("/host/cpus").asInt()).isPositive();
  }

  @Test
  void shouldSayWhatCouldNotBeMeasured() throws Exception {
    write(
        Check.atMost("gap, at most", Double.NaN, 5, "s"),
        Check.atLeast("factor, at least", Double.POSITIVE_INFINITY, 1, ""));

    JsonNode json = new ObjectMapper().readTree(directory.resolve("trial.json").toFile());
    assertThat(json.at("/checks/0/value").isNull()).isTrue();
    assertThat(json.at("/checks/0/limit").asDouble()).isEqualTo(5);
    assertThat(json.at("/checks/1/value").isNull()).isTrue();
    assertThat(Files.readString(directory.resolve("trial.md")))
        .contains("| gap, at most | not measured | 5 | s | **failed** |");
  }

  @Test
  void shouldPassOnlyIfEveryCheckDoes() {
    assertThat(report(Check.atLeast("seen, at least", 5, 5, "")).passed()).isTrue();
    assertThat(report(Check.atLeast("seen, at least", 4, 5, "")).passed()).isFalse();
    assertThat(report(Check.atMost("unknown, at most", Double.NaN, 5, "")).passed()).isFalse();
    assertThat(report(Check.atLeast("unknown, at least", Double.NaN, 5, "")).passed()).isFalse();
  }

  @Test
  void shouldWriteATableForPeople() throws Exception {
    write(Check.atMost("wait, at most", 2.5, 1, "s"));

    assertThat(Files.readString(directory.resolve("trial.md")))
        .startsWith("# trial: failed\n")
        .contains("| wait, at most | 2.500 | 1 | s | **failed** |", "(trial.svg)", "Notes.");
  }

  @Test
  void shouldDrawAChartThatIsXml() throws Exception {
    write(Check.atMost("wait, at most", 2.5, 1, "s"));

    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(directory.resolve("trial.svg").toFile());
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg.getElementsByTagName("polyline").getLength()).isOne();
    assertThat(
            svg.getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue())
        .isEqualTo("70.0,310.0 880.0,50.0");
  }

  private void write(Check... checks) throws Exception {
    Outcome outcome = outcome(checks);
    LabReport.of(EXPERIMENT, outcome, "flink-video lab run trial")
        .write(directory, EXPERIMENT, outcome);
  }

  private static LabReport report(Check check) {
    return LabReport.of(EXPERIMENT, outcome(check), "flink-video lab run trial");
  }

  private static Outcome outcome(Check... checks) {
    SvgChart chart =
        new SvgChart("Less < more & so on", "s", "MiB")
            .line("a", List.of(new double[] {0, 0}, new double[] {10, 200}))
            .mark("kill", 5);
    return new Outcome(List.of(checks), "Notes.", chart);
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
