package dev.flinkvideo.jobs.smoke;

import dev.flinkvideo.jobs.publisher.Publisher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * An encoder somewhere: FFmpeg's program plays a clip to a gateway until it is killed. One thread.
 */
final class Encoder implements AutoCloseable {
  /** What the dynamic linker exits with. */
  private static final int CANNOT_BE_LOADED = 127;

  private final Publisher publisher;

  private Encoder(String protocol, Path clip, List<String> output) {
    List<String> copied = new ArrayList<>(List.of("-c", "copy"));
    copied.addAll(output);
    publisher = new Publisher(protocol, clip, copied);
  }

  static Encoder rtmp(Path clip, SmokeSettings.GatewayAddresses gateway) {
    String key = gateway.key().isEmpty() ? "" : "?key=" + gateway.key();
    return new Encoder("RTMP", clip, List.of("-f", "flv", gateway.rtmp() + "/smoke" + key));
  }

  static Encoder srt(Path clip, SmokeSettings.GatewayAddresses gateway) {
    List<String> output = new ArrayList<>(List.of("-f", "mpegts", "-srt_streamid", "smoke"));
    if (!gateway.key().isEmpty()) {
      output.addAll(List.of("-passphrase", gateway.key()));
    }
    output.add(gateway.srt());
    return new Encoder("SRT", clip, output);
  }

  /** Calls again if it was turned away, as it is until the gateway knows of the session. */
  void keepCalling() throws IOException {
    if (publisher.exitCode().equals(OptionalInt.of(CANNOT_BE_LOADED))) {
      throw new IOException(
          "FFmpeg's program does not start: install what it links to (Debian:"
              + " libxcb1 libxcb-shm0 libasound2 libpulse0), or try with --no-gateway");
    }
    if (!publisher.isRunning()) {
      publisher.start();
    }
  }

  /** As a cable that is cut: no goodbye. */
  void kill() {
    publisher.close();
  }

  @Override
  public void close() {
    kill();
  }
}
