package dev.flinkvideo.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What version 1 wrote must be readable for good. {@code -Dregenerate=true} writes the files of the
 * newest version anew; do that only before that version is released.
 */
class GoldenFilesTest {
  private static final Path RESOURCES =
      Path.of(System.getProperty("project.root", ".."), "protocol/src/test/resources");

  @BeforeAll
  static void regenerate() throws IOException {
    if (!Boolean.getBoolean("regenerate")) {
      return;
    }
    Path golden = RESOURCES.resolve("golden/v" + Segments.VERSION);
    Files.createDirectories(golden);
    Files.write(golden.resolve("segment.bin"), Segments.write(Samples.segment()));
    Files.write(
        golden.resolve("observation-frame.json"), pretty(JsonRecords.write(Samples.frame())));
    Files.write(
        golden.resolve("observation-interval.json"), pretty(JsonRecords.write(Samples.interval())));
    Files.write(golden.resolve("event.json"), pretty(JsonRecords.write(Samples.event())));
    Files.write(
        golden.resolve("session-specification.json"),
        pretty(JsonRecords.write(Samples.specification())));
    Files.write(
        golden.resolve("session-command.json"), pretty(JsonRecords.write(Samples.command())));
    Files.write(
        golden.resolve("connection-report.json"), pretty(JsonRecords.write(Samples.report())));
    Files.write(golden.resolve("session-status.json"), pretty(JsonRecords.write(Samples.status())));
  }

  @Test
  void shouldReadSegmentsOfVersion1() throws Exception {
    assertThat(Segments.read(golden("v1/segment.bin"))).isEqualTo(Samples.segment());
  }

  @Test
  void shouldReadFrameObservationsOfVersion1() throws Exception {
    assertThat(JsonRecords.readObservation(golden("v1/observation-frame.json")))
        .isEqualTo(Samples.frame());
  }

  @Test
  void shouldReadIntervalObservationsOfVersion1() throws Exception {
    assertThat(JsonRecords.readObservation(golden("v1/observation-interval.json")))
        .isEqualTo(Samples.interval());
  }

  @Test
  void shouldReadEventsOfVersion1() throws Exception {
    assertThat(JsonRecords.readEvent(golden("v1/event.json"))).isEqualTo(Samples.event());
  }

  @Test
  void shouldReadSessionSpecificationsOfVersion1() throws Exception {
    assertThat(JsonRecords.readSpecification(golden("v1/session-specification.json")))
        .isEqualTo(Samples.specification());
  }

  @Test
  void shouldReadSessionCommandsOfVersion1() throws Exception {
    assertThat(JsonRecords.readCommand(golden("v1/session-command.json")))
        .isEqualTo(Samples.command());
  }

  @Test
  void shouldReadConnectionReportsOfVersion1() throws Exception {
    assertThat(JsonRecords.readReport(golden("v1/connection-report.json")))
        .isEqualTo(Samples.report());
  }

  @Test
  void shouldReadSessionStatusesOfVersion1() throws Exception {
    assertThat(JsonRecords.readStatus(golden("v1/session-status.json")))
        .isEqualTo(Samples.status());
  }

  private static byte[] golden(String file) throws IOException {
    return Files.readAllBytes(RESOURCES.resolve("golden").resolve(file));
  }

  private static byte[] pretty(byte[] json) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    String text = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(json));
    return (text + "\n").getBytes(UTF_8);
  }
}
