package dev.flinkvideo.jobs.smoke;

import dev.flinkvideo.ingest.transport.FfmpegProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoder somewhere: FFmpeg's program plays a clip to a gateway until it is killed. One thread.
 */
final class Encoder implements AutoCloseable {
  /** What the dynamic linker exits with. */
  private static final int CANNOT_BE_LOADED = 127;

  private final List<String> arguments =
      new ArrayList<>(List.of("-re", "-stream_loop", "-1", "-i"));
  private Process process;

  private Encoder(Path clip, List<String> output) {
    arguments.add(clip.toString());
    arguments.addAll(List.of("-map", "0:v", "-c", "copy"));
    arguments.addAll(output);
  }

  static Encoder rtmp(Path clip, SmokeSettings.GatewayAddresses gateway) {
    String key = gateway.key().isEmpty() ? "" : "?key=" + gateway.key();
    return new Encoder(clip, List.of("-f", "flv", gateway.rtmp() + "/smoke" + key));
  }

  static Encoder srt(Path clip, SmokeSettings.GatewayAddresses gateway) {
    List<String> output = new ArrayList<>(List.of("-f", "mpegts", "-srt_streamid", "smoke"));
    if (!gateway.key().isEmpty()) {
      output.addAll(List.of("-passphrase", gateway.key()));
    }
    output.add(gateway.srt());
    return new Encoder(clip, output);
  }

  /** Calls again if it was turned away, as it is until the gateway knows of the session. */
  void keepCalling() throws IOException {
    if (process != null && !process.isAlive() && process.exitValue() == CANNOT_BE_LOADED) {
      throw new IOException(
          "FFmpeg's program does not start: install what it links to (Debian:"
              + " libxcb1 libxcb-shm0 libasound2 libpulse0), or try with --no-gateway");
    }
    if (process == null || !process.isAlive()) {
      process =
          FfmpegProgram.process(arguments)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    }
  }

  /** As a cable that is cut: no goodbye. */
  void kill() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
