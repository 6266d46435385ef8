package dev.flinkvideo.jobs.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a JobManager says of its jobs. One thread. */
final class JobManager {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final URI overview;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();

  JobManager(URI rest) {
    overview = URI.create(rest.toString().replaceAll("/+$", "") + "/jobs/overview");
  }

  /** Whether a job runs with all of its tasks; false too if nobody answers. */
  boolean hasRunningJob() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(overview).timeout(ANSWER_WITHIN).build();
      JsonNode jobs =
          new ObjectMapper().readTree(http.send(request, BodyHandlers.ofString()).body());
      for (JsonNode job : jobs.path("jobs")) {
        JsonNode tasks = job.path("tasks");
        if (job.path("state").asText().equals("RUNNING")
            && tasks.path("total").asInt() > 0
            && tasks.path("running").asInt() == tasks.path("total").asInt()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // asked again
    }
  }
}
