package dev.flinkvideo.jobs.publisher;

import dev.flinkvideo.ingest.transport.FfmpegProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** An ffmpeg that publishes by one protocol, and its fates. Used by one thread, which closes it. */
public final class Publisher implements AutoCloseable {
  private final String protocol;
  private final List<String> arguments;
  private Process process;

  /**
   * Plays a clip in real time, over and over.
   *
   * @param output arguments of ffmpeg from its input on: how it is encoded, and where to
   */
  public Publisher(String protocol, Path clip, List<String> output) {
    this(protocol, List.of("-re", "-stream_loop", "-1", "-i", clip.toString()), output);
  }

  /**
   * Passes on what another program plays.
   *
   * @param input arguments of ffmpeg up to and with its input
   */
  public Publisher(String protocol, List<String> input, List<String> output) {
    this.protocol = protocol;
    arguments = new ArrayList<>(List.of("-nostdin"));
    arguments.addAll(input);
    arguments.addAll(List.of("-map", "0:v"));
    arguments.addAll(output);
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

  /** It was started, and has not ended since. */
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** What it ended with; empty if it runs, or was never started. */
  public OptionalInt exitCode() {
    return process == null || process.isAlive()
        ? OptionalInt.empty()
        : OptionalInt.of(process.exitValue());
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
