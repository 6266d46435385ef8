package dev.flinkvideo.jobs.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.FaultSchedule;
import dev.flinkvideo.ingest.transport.FaultyClip;
import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every query of the dashboard, asked of a Prometheus that scrapes a job and a gateway. */
@RequiresPeer("prometheus")
@Timeout(300)
class DashboardE2ECase {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @Test
  void shouldHaveDataForEveryQueryOfTheDashboard() throws Exception {
    int metricsPort = freePort();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Configuration options =
          JobConfiguration.parse(
              "--bootstrap",
              broker.bootstrap(),
              "--job.checkpoint-interval",
              "1s",
              "--flink.metrics.reporters",
              "local,prom",
              "--flink.metrics.reporter.prom.factory.class",
              "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
              "--flink.metrics.reporter.prom.port",
              Integer.toString(metricsPort),
              "--flink.metrics.reporter.prom.filterLabelValueCharacters",
              "false");
      VideoJob.prepareTopics(options);
      try (LocalCluster cluster = new LocalCluster(options);
          Gateway gateway = new Gateway(gateway(broker));
          SegmentPublisher publisher =
              new SegmentPublisher(broker.bootstrap(), Topics.DEFAULT.segments())) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        gateway.start();
        FilePublisher player = player(publisher);
        Thread playing = new Thread(() -> play(player), "player");
        playing.start();
        int port = freePort();
        Process prometheus = prometheus(port, metricsPort, gateway.httpPort());
        try {
          for (Map.Entry<String, String> query : queries().entrySet()) {
            await(query.getKey())
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> hasData(port, query.getValue()));
          }
        } finally {
          prometheus.destroy();
          prometheus.waitFor();
          player.stop();
          playing.join();
        }
      }
    }
  }

  /** By panel and legend. */
  private static Map<String, String> queries() throws IOException {
    JsonNode dashboard =
        MAPPER.readTree(ROOT.resolve("config/grafana/dashboards/flink-video.json").toFile());
    Map<String, String> queries = new TreeMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.put(
            panel.path("title").asText() + ": " + target.path("legendFormat").asText(),
            target.path("expr").asText());
      }
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  private static boolean hasData(int port, String query) throws Exception {
    System.gc(); // so that there are pauses to see
    URI address =
        URI.create(
            "http://localhost:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(query, StandardCharsets.UTF_8)));
    try {
      JsonNode answer =
          MAPPER.readTree(
              HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body());
      for (JsonNode series : answer.path("data").path("result")) {
        if (!series.path("value").path(1).asText().equals("NaN")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // it is starting
    }
  }

  private Process prometheus(int port, int job, int gateway) throws IOException {
    String configuration =
        """
        global: {scrape_interval: 1s}
        scrape_configs:
          - job_name: all
            static_configs: [{targets: ['localhost:%d', 'localhost:%d']}]
        """
            .formatted(job, gateway);
    Path file = Files.writeString(directory.resolve("prometheus.yml"), configuration);
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + file,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=localhost:" + port)
        .redirectErrorStream(true)
        .redirectOutput(new File(directory.toFile(), "prometheus.log"))
        .start();
  }

  private static FilePublisher player(SegmentPublisher publisher) {
    Path clip = ROOT.resolve("jobs/footage/bottle-detection.mp4");
    FaultSchedule faults = FaultSchedule.DEFAULT;
    return new FilePublisher(
        () -> new FaultyClip(clip, faults),
        FilePublisher.segments("faulty", publisher::publish),
        new Playback(/* realtime= */ true, /* loop= */ true));
  }

  private static void play(FilePublisher player) {
    try {
      player.play();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private GatewayConfiguration gateway(EmbeddedBroker broker) throws IOException {
    String yaml =
        """
        auth: none
        kafka: {bootstrap: '%s'}
        rtmp: {port: 0}
        srt: {enabled: false}
        webrtc: {enabled: false}
        http: {port: 0}
        """
            .formatted(broker.bootstrap());
    return GatewayConfiguration.read(Files.writeString(directory.resolve("ingest.yaml"), yaml));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
