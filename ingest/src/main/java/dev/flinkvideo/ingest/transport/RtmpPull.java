package dev.flinkvideo.ingest.transport;

import java.time.Duration;
import java.util.Map;

/** Fetches a stream from an RTMP server, by libavformat's client. */
public final class RtmpPull {
  /** How much a player wants to be ahead, in ms: live pictures are wanted as they come. */
  private static final String CLIENT_BUFFER_MS = "0";

  private RtmpPull() {}

  /**
   * @param url {@code rtmp://} or {@code rtmps://}, with application and stream
   */
  public static LiveTransport of(String url, Deadlines deadlines) {
    // Opening ends with the first packet, so both waits are one.
    Duration connect = deadlines.connect().plus(deadlines.firstUnit());
    Deadlines patient = new Deadlines(connect, deadlines.firstUnit(), deadlines.nextUnit());
    // No "timeout": to this client it means to listen.
    Map<String, String> options = Map.of("rtmp_live", "live", "rtmp_buffer", CLIENT_BUFFER_MS);
    return new ContainerReader(
        new UrlInput("flv", url, options, /* goodbyeWithin= */ Duration.ZERO), patient);
  }
}
