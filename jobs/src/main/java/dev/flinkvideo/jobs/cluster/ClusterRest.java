package dev.flinkvideo.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JobManager's REST interface: one method a request, answers as JSON. Any thread. */
final class ClusterRest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How often the JobManager may ask the TaskManagers for metrics. */
  static final Duration METRICS_EVERY = Duration.ofSeconds(1);

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  ClusterRest(int port) {
    address = URI.create("http://localhost:" + port);
  }

  /** Slots of all TaskManagers; -1 while the JobManager does not answer yet. */
  int slots() throws InterruptedException {
    try {
      return get("/overview").path("slots-total").asInt();
    } catch (IOException e) {
      return -1;
    }
  }

  /** All jobs, by {@code jid}; none while the JobManager does not answer yet. */
  JsonNode jobs() throws InterruptedException {
    try {
      return get("/jobs/overview").path("jobs");
    } catch (IOException e) {
      return MAPPER.createArrayNode();
    }
  }

  /** State, vertices and when it entered each state. */
  JsonNode job(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job);
  }

  /** Its checkpoints: counts, and the last one of each kind. */
  JsonNode checkpoints(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job + "/checkpoints");
  }

  /** Where each subtask of a vertex runs. */
  JsonNode vertex(String job, String vertex) throws IOException, InterruptedException {
    return get("/jobs/" + job + "/vertices/" + vertex);
  }

  /** A metric of one subtask, e.g. {@code 0.decode.framesDecoded}; empty if there is none. */
  JsonNode vertexMetric(String job, String vertex, String metric)
      throws IOException, InterruptedException {
    return get("/jobs/%s/vertices/%s/metrics?get=%s".formatted(job, vertex, metric));
  }

  JsonNode jobMetric(String job, String metric) throws IOException, InterruptedException {
    return get("/jobs/%s/metrics?get=%s".formatted(job, metric));
  }

  JsonNode taskManagerMetric(String taskManager, String metric)
      throws IOException, InterruptedException {
    return get("/taskmanagers/%s/metrics?get=%s".formatted(taskManager, metric));
  }

  /** All TaskManagers that are registered. */
  JsonNode taskManagers() throws IOException, InterruptedException {
    return get("/taskmanagers");
  }

  /**
   * To be called between two requests for a metric: the first is answered with what the JobManager
   * knows, however old, and makes it ask.
   */
  static void awaitFreshMetrics() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(2 * METRICS_EVERY.toMillis());
  }

  void cancel(String job) throws IOException, InterruptedException {
    send(request("/jobs/" + job + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
  }

  /**
   * Asks for a savepoint and the end of the job behind it, after operators were told that no more
   * comes and gave what they held back.
   *
   * @return the request, for {@link #savepoint}
   */
  String drain(String job, String directory) throws IOException, InterruptedException {
    Map<String, Object> body =
        Map.of("targetDirectory", directory, "drain", true, "formatType", "CANONICAL");
    return send(request("/jobs/" + job + "/stop")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body))))
        .path("request-id")
        .asText();
  }

  JsonNode savepoint(String job, String request) throws IOException, InterruptedException {
    return get("/jobs/%s/savepoints/%s".formatted(job, request));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path)).timeout(ANSWER_WITHIN);
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = http.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "the JobManager answers %s with %d: %s"
              .formatted(answer.uri(), answer.statusCode(), answer.body()));
    }
    return answer.body().isEmpty() ? MAPPER.nullNode() : MAPPER.readTree(answer.body());
  }
}
