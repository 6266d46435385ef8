package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.ingest.transport.UnreadableMediaException;
import dev.flinkvideo.jobs.inspect.FrameMd5Output;
import dev.flinkvideo.jobs.inspect.InspectOutput;
import dev.flinkvideo.jobs.inspect.Inspection;
import dev.flinkvideo.jobs.inspect.JsonOutput;
import dev.flinkvideo.jobs.inspect.TableOutput;
import dev.flinkvideo.operators.decode.UnsupportedStreamException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: what the job would see in a file. */
@Command(
    footer = {
      "",
      "Examples:",
      "  flink-video inspect jobs/footage/car-detection.mp4",
      "  flink-video inspect clip.ts --format json | tail -1",
      "  diff <(flink-video inspect clip.mp4 --format framemd5) \\",
      "       <(ffmpeg -v error -i clip.mp4 -an -f framemd5 -)"
    })
final class InspectCommand implements Callable<Integer> {
  private enum Format {
    table,
    json,
    framemd5
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Any container or elementary stream.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "table|json|framemd5",
      defaultValue = "table",
      description =
          "A summary; one JSON line per frame and one with the summary; or FFmpeg's checksums"
              + " (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(
      names = "--pool-size",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description = "Budget of decoded pictures; only what is used is taken (default: 2g).")
  private String poolSize;

  InspectCommand() {}

  @Override
  public Integer call() throws IOException, UnusableInputException {
    try {
      Inspection.run(file, new Configuration(), poolBytes(), output(format));
      return 0;
    } catch (UnreadableMediaException e) {
      throw new UnusableInputException(e.getMessage());
    } catch (UnsupportedStreamException e) {
      throw new UnusableInputException("cannot decode %s: %s".formatted(file, e.getMessage()));
    }
  }

  private long poolBytes() throws UnusableInputException {
    try {
      return MemorySize.parse(poolSize).getBytes();
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(
          "--pool-size=%s is no size: say e.g. 512m or 2g".formatted(poolSize));
    }
  }

  private InspectOutput output(Format wanted) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    return switch (wanted) {
      case table -> new TableOutput(out);
      case json -> new JsonOutput(out);
      case framemd5 -> new FrameMd5Output(out);
    };
  }
}
