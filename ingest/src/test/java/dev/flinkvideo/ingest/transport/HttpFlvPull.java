package dev.flinkvideo.ingest.transport;

import java.time.Duration;
import java.util.Map;

/** CONTRIBUTING.md's transport: fetches FLV over HTTP, as many media servers offer it. */
public final class HttpFlvPull {
  private HttpFlvPull() {}

  /**
   * @param url {@code http://} or {@code https://}
   */
  public static LiveTransport of(String url, Deadlines deadlines) {
    // A server that has no more to send closes: what libavformat calls the end is a loss here.
    UrlInput input = new UrlInput("flv", url, Map.of(), /* goodbyeWithin= */ Duration.ZERO);
    return new ContainerReader(input, deadlines);
  }
}
