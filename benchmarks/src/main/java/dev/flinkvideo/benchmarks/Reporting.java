package dev.flinkvideo.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that both benchmarks have. */
final class Reporting {
  private static final String HOME = System.getProperty("flinkvideo.home", ".");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what was measured there, too.")
  private Path json;

  Reporting() {}

  /** Directory of the project. */
  Path home() {
    return Path.of(HOME);
  }

  void write(Object results) throws IOException {
    if (json == null) {
      return;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("host", Host.describe());
    report.put("results", results);
    new JsonMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), report);
  }
}
