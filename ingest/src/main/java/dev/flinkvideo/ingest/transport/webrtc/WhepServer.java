package dev.flinkvideo.ingest.transport.webrtc;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The HTTP side of a WHEP session (draft-ietf-wish-whep), as a client. One thread, but {@link
 * #cancel}.
 */
final class WhepServer {
  private static final int CREATED = 201;
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private final URI url;
  private final String token;
  private final Duration patience;
  private final HttpClient client;
  private volatile CompletableFuture<HttpResponse<String>> posting;
  private volatile boolean cancelled;
  private URI session;

  /**
   * @param token none if empty
   * @param patience of a goodbye, for which nobody waits
   */
  WhepServer(URI url, String token, Duration patience) {
    this.url = url;
    this.token = token;
    this.patience = patience;
    client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /**
   * The answer to {@code offer}.
   *
   * @param untilNanos of System.nanoTime, by which it must be whole
   * @throws SocketTimeoutException if it is not
   */
  String post(String offer, long untilNanos) throws IOException, InterruptedException {
    HttpRequest request =
        request(url)
            .header("Content-Type", "application/sdp")
            .POST(HttpRequest.BodyPublishers.ofString(offer))
            .build();
    posting = client.sendAsync(request, WhepServer::body);
    if (cancelled) {
      cancel();
    }
    HttpResponse<String> response = await(posting, untilNanos);
    if (response.statusCode() != CREATED) {
      throw new WhepRefusalException(response.statusCode());
    }
    session = response.headers().firstValue("Location").map(response.uri()::resolve).orElse(null);
    return response.body();
  }

  /** Ends a {@link #post} that waits, or comes later. Any thread. */
  void cancel() {
    cancelled = true;
    CompletableFuture<?> current = posting;
    if (current != null) {
      current.cancel(true); // which closes its connection
    }
  }

  /** Ends the session, if there is one; waits for nobody. */
  void delete() {
    if (session != null) {
      HttpRequest request = request(session).timeout(patience).DELETE().build();
      client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
      session = null;
    }
  }

  private static HttpResponse.BodySubscriber<String> body(HttpResponse.ResponseInfo head) {
    return head.statusCode() == CREATED ? BoundedBody.of(MAX_ANSWER_BYTES) : BoundedBody.none();
  }

  /** A timeout of the request's own would end with the headers. */
  private static HttpResponse<String> await(
      CompletableFuture<HttpResponse<String>> coming, long untilNanos)
      throws IOException, InterruptedException {
    try {
      return coming.get(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("no answer in time");
    } catch (CancellationException e) {
      throw new IOException("cancelled", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException unreadable) {
        throw unreadable;
      }
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      coming.cancel(true);
    }
  }

  private HttpRequest.Builder request(URI to) {
    HttpRequest.Builder request = HttpRequest.newBuilder(to);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }
}
