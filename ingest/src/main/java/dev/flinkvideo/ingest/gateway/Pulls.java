package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.RtmpPull;
import dev.flinkvideo.ingest.transport.SrtOptions;
import dev.flinkvideo.ingest.transport.srt.SrtPull;
import dev.flinkvideo.ingest.transport.webrtc.WhepPull;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import dev.flinkvideo.protocol.SourceSpecification;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Opens what we call, by the protocol of its address. Any thread. */
final class Pulls implements PullOpener {
  private final Map<String, String> credentials;
  private final Duration srtLatency;
  private final DtlsIdentity identity;
  private final long maximumBitrate;
  private final Deadlines deadlines;

  /**
   * @param identity by which WHEP servers know us
   */
  Pulls(GatewayConfiguration configuration, DtlsIdentity identity) {
    this.identity = identity;
    maximumBitrate = configuration.webrtc().maximumKilobits() * 1000;
    credentials = configuration.credentials();
    srtLatency = Duration.ofMillis(configuration.srt().latencyMs());
    deadlines = configuration.timeouts().toDeadlines();
  }

  @Override
  public LiveTransport open(SourceSpecification source) {
    return switch (source.transport()) {
      case RTMP -> rtmp(source);
      case SRT -> srt(source);
      case WEBRTC -> whep(source);
      case FILE -> throw new IllegalArgumentException("this gateway opens no files");
    };
  }

  private LiveTransport rtmp(SourceSpecification source) {
    String secret = credential(source);
    String query = secret.isEmpty() ? "" : (source.endpoint().contains("?") ? "&" : "?") + "key=";
    return RtmpPull.of(source.endpoint() + query + secret, deadlines);
  }

  private LiveTransport srt(SourceSpecification source) {
    URI uri = URI.create(source.endpoint());
    if (uri.getHost() == null || uri.getPort() < 0) {
      throw new IllegalArgumentException(
          "endpoint %s: give srt://HOST:PORT".formatted(source.endpoint()));
    }
    Duration latency =
        source.latencyMs() == null ? srtLatency : Duration.ofMillis(source.latencyMs());
    String streamId = parameters(uri).getOrDefault("streamid", "");
    SrtOptions options = new SrtOptions(streamId, credential(source), latency);
    return SrtPull.of(uri.getHost(), uri.getPort(), options, deadlines);
  }

  private LiveTransport whep(SourceSpecification source) {
    URI url = URI.create(source.endpoint());
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "endpoint %s: give http://HOST/PATH of a WHEP server".formatted(source.endpoint()));
    }
    return new WhepPull(url, credential(source), identity, maximumBitrate, deadlines);
  }

  private String credential(SourceSpecification source) {
    if (source.credential() == null) {
      return "";
    }
    String secret = credentials.get(source.credential());
    if (secret == null) {
      throw new IllegalArgumentException(
          "credential '%s' is not in this gateway's configuration".formatted(source.credential()));
    }
    return secret;
  }

  private static Map<String, String> parameters(URI uri) {
    Map<String, String> parameters = new HashMap<>();
    if (uri.getRawQuery() == null) {
      return parameters;
    }
    for (String pair : uri.getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      String value = parts.length == 2 ? parts[1] : "";
      parameters.put(parts[0], URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return parameters;
  }
}
