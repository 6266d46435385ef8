package dev.flinkvideo.ingest.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.SrtOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a gateway is told by its file; {@code config/ingest.yaml} explains each key. Holds secrets:
 * nothing here is to be printed.
 *
 * @param bind address of all media ports; empty for every address, or for loopback only without
 *     keys
 */
public record GatewayConfiguration(
    String name,
    String bind,
    Auth auth,
    List<Publisher> publishers,
    Map<String, String> credentials,
    List<String> createSessions,
    Kafka kafka,
    Rtmp rtmp,
    Srt srt,
    Webrtc webrtc,
    Http http,
    Limits limits,
    Timeouts timeouts,
    Buffers buffers) {

  /** Whether publishers must show a secret. */
  public enum Auth {
    keys,
    none
  }

  public record Publisher(String stream, String secret) {
    @Override
    public String toString() {
      return stream;
    }
  }

  public record Kafka(
      String bootstrap, String topicPrefix, String group, Map<String, String> properties) {}

  public record Rtmp(boolean enabled, int port, Tls tls) {}

  public record Tls(String keyStore, String keyStorePassword) {
    @Override
    public String toString() {
      return keyStore;
    }
  }

  public record Srt(boolean enabled, int port, long latencyMs, List<SrtSinglePort> singlePorts) {}

  public record SrtSinglePort(int port, String stream) {}

  /**
   * @param port of UDP, for the media
   * @param httpPort of TCP, for WHIP and the page that publishes
   * @param addresses where publishers see the media port; empty for those of this host
   */
  public record Webrtc(
      boolean enabled, int port, int httpPort, List<String> addresses, long maximumKilobits) {}

  public record Http(String bind, int port) {}

  public record Limits(
      int connections,
      int connectionsPerAddress,
      int strangers,
      int strangersPerAddress,
      int createdSessions) {}

  public record Timeouts(long connectMs, long firstPictureMs, long nextPictureMs) {
    Deadlines toDeadlines() {
      return new Deadlines(
          Duration.ofMillis(connectMs),
          Duration.ofMillis(firstPictureMs),
          Duration.ofMillis(nextPictureMs));
    }
  }

  public record Buffers(
      int kafkaMegabytes, int kafkaSeconds, int standbySeconds, int groupMegabytes) {}

  private static final YAMLMapper MAPPER = new YAMLMapper();

  public static final GatewayConfiguration DEFAULT =
      new GatewayConfiguration(
          "",
          "",
          Auth.keys,
          List.of(),
          Map.of(),
          List.of(),
          new Kafka("localhost:9092", "", "flink-video-ingest", Map.of()),
          new Rtmp(true, 1935, new Tls("", "")),
          new Srt(true, 9000, SrtOptions.DEFAULT_LATENCY.toMillis(), List.of()),
          new Webrtc(true, 8189, 8889, List.of(), 8_000),
          new Http("127.0.0.1", 8080),
          new Limits(500, 50, 64, 16, 100),
          new Timeouts(5_000, 10_000, 6_000),
          new Buffers(256, 20, 5, 16));

  /**
   * Reads a file; what it leaves out is as in {@link #DEFAULT}.
   *
   * @throws IllegalArgumentException if it cannot be used; the message says what and where
   */
  public static GatewayConfiguration read(Path file) throws IOException {
    return parse(file.toString(), Files.readString(file));
  }

  /**
   * Reads a text, as {@link #read} does a file.
   *
   * @param name that errors call it by
   */
  public static GatewayConfiguration parse(String name, String yaml) {
    try {
      JsonNode given = MAPPER.readTree(yaml);
      ObjectNode merged = MAPPER.valueToTree(DEFAULT);
      if (!given.isMissingNode() && !given.isNull()) {
        merge(merged, given, "");
      }
      return MAPPER.treeToValue(merged, GatewayConfiguration.class).checked();
    } catch (JsonProcessingException e) {
      String problem = ConfigurationProblem.describe(e);
      // Without the cause: whoever prints that prints the text around the error.
      throw new IllegalArgumentException("%s: %s".formatted(name, problem));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "name=%s auth=%s publishers=%s credentials=%s kafka=%s"
        .formatted(name, auth, publishers, credentials.keySet(), kafka.bootstrap);
  }

  public GatewayConfiguration withBootstrap(String bootstrap) {
    Kafka other = new Kafka(bootstrap, kafka.topicPrefix, kafka.group, kafka.properties);
    return new GatewayConfiguration(
        name,
        bind,
        auth,
        publishers,
        credentials,
        createSessions,
        other,
        rtmp,
        srt,
        webrtc,
        http,
        limits,
        timeouts,
        buffers);
  }

  /** Where media ports listen. */
  InetAddress mediaAddress() throws IOException {
    if (bind.isEmpty() && auth == Auth.none) {
      return InetAddress.getLoopbackAddress();
    }
    return InetAddress.getByName(bind.isEmpty() ? "0.0.0.0" : bind);
  }

  private static void merge(ObjectNode into, JsonNode from, String path) {
    if (!from.isObject()) {
      String where = path.isEmpty() ? "the file" : path;
      throw new IllegalArgumentException("%s: give keys and values".formatted(where));
    }
    from.properties()
        .forEach(
            field -> {
              JsonNode known = into.get(field.getKey());
              boolean section = known != null && known.isObject() && !known.isEmpty();
              boolean leftOut = known != null && field.getValue().isNull();
              if (section && !leftOut) {
                String dot = path.isEmpty() ? "" : ".";
                merge((ObjectNode) known, field.getValue(), path + dot + field.getKey());
              } else if (!leftOut) {
                into.set(field.getKey(), field.getValue());
              }
            });
  }

  private GatewayConfiguration checked() {
    port("rtmp.port", rtmp.port);
    port("srt.port", srt.port);
    port("webrtc.port", webrtc.port);
    port("webrtc.httpPort", webrtc.httpPort);
    positive("webrtc.maximumKilobits", webrtc.maximumKilobits);
    port("http.port", http.port);
    positive("limits.connections", limits.connections);
    positive("limits.connectionsPerAddress", limits.connectionsPerAddress);
    positive("limits.strangers", limits.strangers);
    positive("limits.strangersPerAddress", limits.strangersPerAddress);
    positive("limits.createdSessions", limits.createdSessions);
    positive("timeouts.connectMs", timeouts.connectMs);
    positive("timeouts.firstPictureMs", timeouts.firstPictureMs);
    positive("timeouts.nextPictureMs", timeouts.nextPictureMs);
    positive("buffers.kafkaMegabytes", buffers.kafkaMegabytes);
    positive("buffers.kafkaSeconds", buffers.kafkaSeconds);
    positive("buffers.standbySeconds", buffers.standbySeconds);
    positive("buffers.groupMegabytes", buffers.groupMegabytes);
    checkPublishers();
    for (int i = 0; i < srt.singlePorts.size(); i++) {
      checkSinglePort("srt.singlePorts[%d]".formatted(i), srt.singlePorts.get(i));
    }
    return this;
  }

  private void checkPublishers() {
    Set<String> streams = new HashSet<>();
    for (Publisher publisher : publishers) {
      boolean whole = publisher != null && publisher.stream != null && publisher.secret != null;
      if (!whole || publisher.secret.isEmpty()) {
        throw new IllegalArgumentException("publishers: each needs a stream and a secret");
      }
      if (!streams.add(publisher.stream)) {
        throw new IllegalArgumentException(
            "publishers: '%s' is there twice, give each stream one secret"
                .formatted(publisher.stream));
      }
    }
  }

  /** Such a port asks for no stream id, so that only the pass phrase tells who comes. */
  private void checkSinglePort(String key, SrtSinglePort single) {
    if (single == null || single.stream == null || single.stream.isEmpty()) {
      throw new IllegalArgumentException(key + ": needs a port and a stream");
    }
    port(key + ".port", single.port);
    boolean hasSecret = publishers.stream().anyMatch(known -> known.stream.equals(single.stream));
    if (auth == Auth.keys && !hasSecret) {
      throw new IllegalArgumentException(
          ("%s.stream: '%s' has no secret, so that anybody could publish there; add"
                  + " {stream: %s, secret: ...} to publishers, credentials do not count here")
              .formatted(key, single.stream, single.stream));
    }
  }

  private static void port(String key, int value) {
    if (value < 0 || value > 65_535) {
      throw new IllegalArgumentException(
          "%s: %d is no port, give 1 to 65535, or 0 for any free one".formatted(key, value));
    }
  }

  private static void positive(String key, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s: %d, give more than 0".formatted(key, value));
    }
  }
}
