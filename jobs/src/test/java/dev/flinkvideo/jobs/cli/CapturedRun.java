package dev.flinkvideo.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** One command run in this JVM, with what it printed. */
public record CapturedRun(int exitCode, List<String> out, String err) {
  public static CapturedRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        FlinkVideo.commandLine(args)
            .setOut(new PrintWriter(out, /* autoFlush= */ true))
            .setErr(new PrintWriter(err, /* autoFlush= */ true));
    int exitCode = commandLine.execute(args);
    return new CapturedRun(exitCode, out.toString().lines().toList(), err.toString());
  }
}
