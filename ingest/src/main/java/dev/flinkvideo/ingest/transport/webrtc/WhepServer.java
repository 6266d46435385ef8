package dev.flinkvideo.ingest.transport.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The HTTP side of a WHEP session (draft-ietf-wish-whep), as a client. One thread. */
final class WhepServer {
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private final URI url;
  private final String token;
  private final Duration patience;
  private final HttpClient client;
  private URI session;

  /**
   * @param token none if empty
   */
  WhepServer(URI url, String token, Duration patience) {
    this.url = url;
    this.token = token;
    this.patience = patience;
    client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** The answer to {@code offer}. */
  String post(String offer) throws IOException, InterruptedException {
    HttpRequest request =
        request(url)
            .header("Content-Type", "application/sdp")
            .POST(HttpRequest.BodyPublishers.ofString(offer))
            .build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 201) {
        throw new WhepRefusalException(response.statusCode());
      }
      session = response.headers().firstValue("Location").map(response.uri()::resolve).orElse(null);
      byte[] answer = body.readNBytes(MAX_ANSWER_BYTES + 1);
      if (answer.length > MAX_ANSWER_BYTES) {
        throw new IllegalArgumentException("more than %d bytes".formatted(MAX_ANSWER_BYTES));
      }
      return new String(answer, StandardCharsets.UTF_8);
    }
  }

  /** Ends the session, if there is one; waits for nobody. */
  void delete() {
    if (session != null) {
      client.sendAsync(request(session).DELETE().build(), HttpResponse.BodyHandlers.discarding());
      session = null;
    }
  }

  private HttpRequest.Builder request(URI to) {
    HttpRequest.Builder request = HttpRequest.newBuilder(to).timeout(patience);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }
}
