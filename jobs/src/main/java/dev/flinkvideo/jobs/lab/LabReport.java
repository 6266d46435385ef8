package dev.flinkvideo.jobs.lab;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * What a run of an experiment came to; its JSON is a contract.
 *
 * @param passed whether all checks did
 * @param command that repeats it
 */
public record LabReport(
    String name, boolean passed, List<Check> checks, Host host, String command) {

  /** JSON has neither NaN nor infinity: what could not be measured is null. */
  private static final class NumberOrNull extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider serializers)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
        return;
      }
      json.writeNull();
    }
  }

  /** Where it ran. */
  public record Host(int cpus, String os, String javaVersion, String flinkVersion) {
    static Host here() {
      return new Host(
          Runtime.getRuntime().availableProcessors(),
          "%s %s %s"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.version"),
                  System.getProperty("os.arch")),
          System.getProperty("java.version"),
          EnvironmentInformation.getVersion());
    }
  }

  public static LabReport of(Experiment experiment, Outcome outcome, String command) {
    boolean passed = outcome.checks().stream().allMatch(Check::passed);
    return new LabReport(experiment.name(), passed, outcome.checks(), Host.here(), command);
  }

  /** Writes {@code NAME.json}, {@code NAME.md} and {@code NAME.svg}. */
  public void write(Path directory, Experiment experiment, Outcome outcome) throws IOException {
    Files.createDirectories(directory);
    JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .addModule(new SimpleModule().addSerializer(Double.TYPE, new NumberOrNull()))
        .build()
        .writeValue(directory.resolve(name + ".json").toFile(), this);
    Files.writeString(directory.resolve(name + ".svg"), outcome.chart().svg());
    Files.writeString(directory.resolve(name + ".md"), markdown(experiment, outcome));
  }

  private String markdown(Experiment experiment, Outcome outcome) {
    StringBuilder page = new StringBuilder();
    page.append("# %s: %s%n%n".formatted(name, passed ? "passed" : "failed"));
    page.append(experiment.description()).append("\n\n    ").append(command).append("\n\n");
    page.append(
        "%d CPUs, %s, Java %s, Flink %s%n%n"
            .formatted(host.cpus, host.os, host.javaVersion, host.flinkVersion));
    page.append("| check | value | limit | unit | |\n|---|--:|--:|---|---|\n");
    for (Check check : checks) {
      page.append(
          "| %s | %s | %s | %s | %s |%n"
              .formatted(
                  check.name(),
                  number(check.value()),
                  number(check.limit()),
                  check.unit(),
                  check.passed() ? "passed" : "**failed**"));
    }
    page.append("\n![%s](%s.svg)%n%n".formatted(outcome.chart().title(), name));
    return page.append(outcome.notes().strip()).append("\n").toString();
  }

  /** Whole numbers without a point, others to three digits behind it. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return "not measured";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
