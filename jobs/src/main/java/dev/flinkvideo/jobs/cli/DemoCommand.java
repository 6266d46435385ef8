package dev.flinkvideo.jobs.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flinkvideo.jobs.demo.Demo;
import dev.flinkvideo.jobs.demo.DemoReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: see {@link Demo}. */
@Command(
    footer = {
      "",
      "Examples:",
      "  flink-video demo",
      "  flink-video demo --duration 30s --sessions 8 --report report.json"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int FEWEST_SESSIONS = 4;

  @Spec private CommandSpec spec;

  @Option(
      names = "--duration",
      paramLabel = "T",
      converter = DurationConverter.class,
      description = "End after so long, e.g. 30s (default: at Ctrl-C).")
  private Duration duration;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "" + FEWEST_SESSIONS,
      description =
          "The three clips, one whose picture goes black and freezes, then the clips again"
              + " (default: ${DEFAULT-VALUE}, and no fewer).")
  private int sessions;

  @Option(names = "--report", paramLabel = "FILE", description = "Write what happened as JSON.")
  private Path report;

  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    if (sessions < FEWEST_SESSIONS) {
      throw new UnusableInputException(
          "--sessions=%d is too few: say %d or more".formatted(sessions, FEWEST_SESSIONS));
    }
    Path footage = Path.of(System.getProperty("flinkvideo.home", "."), "jobs", "footage");
    if (!Files.isDirectory(footage)) {
      throw new UnusableInputException(
          "no footage at %s: start the demo with bin/flink-video".formatted(footage));
    }
    if (report != null) {
      checkReport();
    }
    boolean terminal = System.console() != null;
    PrintWriter out = spec.commandLine().getOut();
    DemoReport result = new Demo(footage, sessions, out, terminal).run(duration);
    if (report != null) {
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValue(report.toFile(), result);
    }
    out.println(summary(result));
    return 0;
  }

  /** Now, not after the run. */
  private void checkReport() throws IOException, UnusableInputException {
    try {
      Files.writeString(report, "");
    } catch (FileSystemException e) {
      throw new UnusableInputException(
          "cannot write --report=%s: name a file in a directory that exists and is yours"
              .formatted(report),
          e);
    }
  }

  private String summary(DemoReport result) {
    long in = result.sessions().stream().mapToLong(DemoReport.Session::framesIn).sum();
    long out = result.sessions().stream().mapToLong(DemoReport.Session::framesOut).sum();
    long dropped =
        result.sessions().stream()
            .flatMap(session -> session.drops().values().stream())
            .mapToLong(Long::longValue)
            .sum();
    return "%d sessions, %d pictures in, %d out, %d drops%s"
        .formatted(sessions, in, out, dropped, report == null ? "" : "; report in " + report);
  }
}
