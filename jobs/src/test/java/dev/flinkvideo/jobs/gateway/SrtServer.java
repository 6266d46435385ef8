package dev.flinkvideo.jobs.gateway;

import java.io.IOException;
import java.nio.file.Path;

/** ffmpeg as an SRT server, begun anew for each caller, as it serves one. */
public final class SrtServer {
  private SrtServer() {}

  /** Ended by whoever started it, with its descendants. */
  public static Process start(Path clip, String endpoint) throws IOException {
    String ffmpeg =
        "ffmpeg -nostdin -loglevel fatal -re -stream_loop -1 -i %s -c copy -an -f mpegts -mode listener %s"
            .formatted(clip, endpoint);
    return new ProcessBuilder("sh", "-c", "while :; do " + ffmpeg + "; sleep 0.1; done")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
