package dev.flinkvideo.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One job on a {@link StandaloneCluster}, watched and ended by REST. Any thread. */
public final class RunningJob {
  private static final Duration RUNS_WITHIN = Duration.ofSeconds(120);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(120);
  private static final Duration METRIC_WITHIN = Duration.ofSeconds(30);
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  private final ClusterRest rest;
  private final String id;

  RunningJob(ClusterRest rest, String id) {
    this.rest = rest;
    this.id = id;
  }

  public String id() {
    return id;
  }

  /** Flink's {@code JobStatus}, e.g. {@code RUNNING}. */
  public String state() throws IOException, InterruptedException {
    return rest.job(id).path("state").asText();
  }

  /** When it last entered that state, in milliseconds since 1970; 0 if never. */
  public long lastEnteredMs(String state) throws IOException, InterruptedException {
    return rest.job(id).path("timestamps").path(state).asLong();
  }

  /** How often it was restarted after a failure. */
  public long restarts() throws IOException, InterruptedException {
    return rest.jobMetric(id, "numRestarts").path(0).path("value").asLong();
  }

  public long completedCheckpoints() throws IOException, InterruptedException {
    return rest.checkpoints(id).path("counts").path("completed").asLong();
  }

  /** Duration and size of the last checkpoint that completed. */
  public JsonNode lastCheckpoint() throws IOException, InterruptedException {
    return rest.checkpoints(id).path("latest").path("completed");
  }

  /** Whether every one of its tasks runs. */
  public boolean isRunning() throws IOException, InterruptedException {
    JsonNode job = rest.job(id);
    if (ENDED.contains(job.path("state").asText())) {
      throw new IOException("job=%s has ended as %s".formatted(id, job.path("state").asText()));
    }
    for (JsonNode vertex : job.path("vertices")) {
      if (!vertex.path("status").asText().equals("RUNNING")) {
        return false;
      }
    }
    return job.path("state").asText().equals("RUNNING") && !job.path("vertices").isEmpty();
  }

  public void awaitRunning() throws Exception {
    Waiting.until("all tasks of job " + id + " run", RUNS_WITHIN, this::isRunning);
  }

  /** The TaskManagers that its tasks run on, by their resource id. */
  public Set<String> taskManagers() throws IOException, InterruptedException {
    Set<String> ids = new java.util.TreeSet<>();
    for (JsonNode vertex : rest.job(id).path("vertices")) {
      for (JsonNode subtask : rest.vertex(id, vertex.path("id").asText()).path("subtasks")) {
        ids.add(subtask.path("taskmanager-id").asText());
      }
    }
    return ids;
  }

  /**
   * A metric of an operator, e.g. {@code decode.framesDecoded}, by subtask, not older than a
   * moment; waits until all subtasks have it.
   */
  public List<Long> metric(String name) throws Exception {
    List<Long> values = new ArrayList<>();
    collect(name, values);
    ClusterRest.awaitFreshMetrics();
    Waiting.until(
        "job %s has the metric %s of all subtasks".formatted(id, name),
        METRIC_WITHIN,
        () -> {
          values.clear();
          return collect(name, values);
        });
    return values;
  }

  /** Summed over the subtasks. */
  public long sum(String name) throws Exception {
    return metric(name).stream().mapToLong(Long::longValue).sum();
  }

  private boolean collect(String name, List<Long> values) throws IOException, InterruptedException {
    for (JsonNode vertex : rest.job(id).path("vertices")) {
      int parallelism = vertex.path("parallelism").asInt();
      List<Long> ofVertex = new ArrayList<>();
      for (int subtask = 0; subtask < parallelism; subtask++) {
        for (JsonNode value :
            rest.vertexMetric(id, vertex.path("id").asText(), subtask + "." + name)) {
          ofVertex.add((long) value.path("value").asDouble());
        }
      }
      if (ofVertex.size() == parallelism) { // only the operator's own vertex has it
        values.addAll(ofVertex);
      }
    }
    return !values.isEmpty();
  }

  /** Ends it as if no more input would ever come: decoders give what they hold back. */
  public void drain(Path directory) throws Exception {
    String request = rest.drain(id, directory.toUri().toString());
    Waiting.until(
        "job " + id + " has its savepoint",
        STOPS_WITHIN,
        () -> rest.savepoint(id, request).path("status").path("id").asText().equals("COMPLETED"));
    JsonNode operation = rest.savepoint(id, request).path("operation");
    if (operation.has("failure-cause")) {
      throw new IOException(
          "job=%s was not stopped: %s"
              .formatted(id, operation.path("failure-cause").path("class").asText()));
    }
    awaitEnd();
  }

  public void cancel() throws Exception {
    rest.cancel(id);
    awaitEnd();
  }

  void awaitEnd() throws Exception {
    Waiting.until("job " + id + " has ended", STOPS_WITHIN, () -> ENDED.contains(state()));
  }
}
