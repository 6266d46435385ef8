package dev.flinkvideo.ingest.transport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/**
 * The {@code ffmpeg} among our own natives, unpacked: there without being installed, and new enough
 * to publish by WHIP. Stateless.
 */
public final class FfmpegProgram {
  /** In the environment of the program: where it finds the libraries that lie beside it. */
  public static final String LIBRARIES = "LD_LIBRARY_PATH";

  private FfmpegProgram() {}

  public static Path path() {
    return Path.of(Loader.load(ffmpeg.class));
  }

  /** What would start it. */
  public static ProcessBuilder process(List<String> arguments) {
    Path program = path();
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put(LIBRARIES, program.getParent().toString());
    return process;
  }
}
