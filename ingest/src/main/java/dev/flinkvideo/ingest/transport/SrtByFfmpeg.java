package dev.flinkvideo.ingest.transport;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * SRT by the library inside libavformat: always there, but a listener takes one publisher per port,
 * checks no stream id and measures nothing, and a caller is not told why it was refused.
 */
public final class SrtByFfmpeg {
  /** A listener waits for its publisher for as long as it is open. */
  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  /**
   * libsrt finds out 5.1 s after the last packet came, which is less since it was given out, that a
   * peer is dead, and calls that what it calls a goodbye.
   */
  private static final Duration GOODBYE_WITHIN = Duration.ofSeconds(4);

  private SrtByFfmpeg() {}

  public static LiveTransport call(String host, int port, SrtOptions options, Deadlines deadlines) {
    return reader("caller", host, port, options, deadlines);
  }

  static ContainerReader listen(String host, int port, SrtOptions options, Deadlines deadlines) {
    Deadlines patient = new Deadlines(FOR_EVER, deadlines.firstUnit(), deadlines.nextUnit());
    return reader("listener", host, port, options, patient);
  }

  private static ContainerReader reader(
      String mode, String host, int port, SrtOptions options, Deadlines deadlines) {
    Map<String, String> settings = new HashMap<>();
    settings.put("mode", mode);
    settings.put("latency", Long.toString(options.latency().toNanos() / 1000));
    if (!options.passphrase().isEmpty()) {
      settings.put("passphrase", options.passphrase());
    }
    if (!options.streamId().isEmpty()) {
      settings.put("streamid", options.streamId());
    }
    if (mode.equals("caller")) {
      settings.put("connect_timeout", Long.toString(deadlines.connect().toMillis()));
    }
    String address = host.contains(":") ? "[" + host + "]" : host;
    String url = "srt://%s:%d".formatted(address, port);
    UrlInput input = new UrlInput("mpegts", url, settings, GOODBYE_WITHIN);
    return new ContainerReader(input, deadlines);
  }
}
