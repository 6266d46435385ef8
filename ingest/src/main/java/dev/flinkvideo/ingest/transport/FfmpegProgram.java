package dev.flinkvideo.ingest.transport;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * The program {@code ffmpeg} that lies in the jar of FFmpeg's libraries, so that whoever wants an
 * encoder to try things with need not install one. Any thread.
 */
public final class FfmpegProgram {
  private FfmpegProgram() {}

  /**
   * A process of it, not started yet; takes the program out of the jar the first time.
   *
   * @param arguments behind those that keep it quiet and off the terminal
   */
  public static ProcessBuilder with(List<String> arguments) {
    Path program = Path.of(Loader.load(org.bytedeco.ffmpeg.ffmpeg.class));
    List<String> command =
        new ArrayList<>(
            List.of(program.toString(), "-nostdin", "-hide_banner", "-loglevel", "error"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .merge(
            "LD_LIBRARY_PATH",
            program.getParent().toString(),
            (theirs, ours) -> ours + File.pathSeparator + theirs);
    return builder;
  }
}
