package dev.flinkvideo.benchmarks;

import dev.flinkvideo.ingest.gateway.Gateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** A gateway's own figures, as its {@code /metrics} has them. One thread. */
final class GatewayFigures {
  private static final int PATIENCE_S = 60;
  private static final String PREFIX = "flinkvideo_ingest_";

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  GatewayFigures(Gateway gateway) {
    URI uri = URI.create("http://127.0.0.1:%d/metrics".formatted(gateway.httpPort()));
    request = HttpRequest.newBuilder(uri).build();
  }

  long of(String name) throws IOException, InterruptedException {
    return client
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(PREFIX + name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  void awaitPublishers(int count) throws IOException, InterruptedException {
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (of("publishers") < count) {
      if (System.nanoTime() > untilNs) {
        throw new IOException(
            "publishers: %d of %d came within %d s".formatted(of("publishers"), count, PATIENCE_S));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
