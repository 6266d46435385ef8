package dev.flinkvideo.jobs.publisher;

import dev.flinkvideo.ingest.transport.FfmpegProgram;
import java.io.IOException;
import java.util.List;

/** An ffmpeg that publishes by one protocol, and its fates. Used by one thread, which closes it. */
public final class Publisher implements AutoCloseable {
  private final String protocol;
  private final List<String> arguments;
  private Process process;

  /**
   * @param arguments of ffmpeg
   */
  public Publisher(String protocol, List<String> arguments) {
    this.protocol = protocol;
    this.arguments = arguments;
  }

  public String protocol() {
    return protocol;
  }

  /** From the beginning of the clip. */
  public void start() throws IOException {
    close();
    process =
        FfmpegProgram.process(arguments)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** SIGKILL: its kernel says that it is gone. */
  public void kill() {
    process.destroyForcibly();
  }

  /** SIGSTOP: connected, and silent, as behind a line that was cut. */
  public void freeze() throws IOException {
    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start();
  }

  /** By force: one that is stopped hears nothing else. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
