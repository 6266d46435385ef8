package dev.flinkvideo.ingest.peers;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page and a made-up camera, told what to do by its DevTools protocol.
 * One test's.
 */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path profile;
  private final PeerProcess process;
  private final WebSocket socket;

  public Browser(URI page) throws IOException {
    profile = Files.createTempDirectory("browser");
    int port = FreePort.tcp();
    process =
        PeerProcess.start(
            "chromium",
            "--headless=new",
            "--no-sandbox", // tests run as root in CI
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--user-data-dir=" + profile,
            "--remote-debugging-port=" + port,
            page.toString());
    URI debugger =
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(() -> pageAt(port), found -> found != null);
    socket = client.newWebSocketBuilder().buildAsync(debugger, new Listener()).join();
  }

  /** The value of a JavaScript expression in the page, as text. */
  public String evaluate(String expression) throws IOException, InterruptedException {
    Map<String, Object> parameters =
        Map.of("expression", expression, "returnByValue", true, "awaitPromise", true);
    Map<String, Object> call = Map.of("id", 1, "method", "Runtime.evaluate", "params", parameters);
    socket.sendText(MAPPER.writeValueAsString(call), true).join();
    String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no answer to " + expression + ": " + process.output());
    }
    return MAPPER.readTree(answer).at("/result/result/value").asText();
  }

  /** SIGKILL. */
  public void kill() {
    process.kill();
  }

  /** SIGSTOP to all of its processes: those that send are not the one that was started. */
  public void freeze() throws IOException, InterruptedException {
    process.freezeAll();
  }

  @Override
  public void close() throws IOException {
    process.kill();
    socket.abort();
    process.close();
    // Its children may still be writing while they end.
    await().atMost(PATIENCE).ignoreExceptions().until(this::deleteProfile);
  }

  private URI pageAt(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/json".formatted(port))).build();
    String targets = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    for (JsonNode target : MAPPER.readTree(targets)) {
      if (target.path("type").asText().equals("page")) {
        return URI.create(target.path("webSocketDebuggerUrl").asText());
      }
    }
    return null;
  }

  private boolean deleteProfile() throws IOException {
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return true;
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        answers.add(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
