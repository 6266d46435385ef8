package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.EndReason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 9725 asks of the HTTP side. */
class WhipHandlerITCase {
  private static final Path OFFER = Path.of("src/test/resources/webrtc/chromium-offer.sdp");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private WhipTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new WhipTestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void shouldCreateASessionAndDeleteIt() throws Exception {
    HttpResponse<String> created = post("live/one", offer());
    String place = created.headers().firstValue("Location").orElseThrow();

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Content-Type")).contains("application/sdp");
    assertThat(created.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
        .contains("Location");
    assertThat(created.body()).contains("a=ice-lite\r\n", "a=setup:passive\r\n", "a=recvonly\r\n");
    assertThat(at(place, "DELETE", "wrong").statusCode()).isEqualTo(401);
    assertThat(at(place, "DELETE", WhipTestServer.TOKEN).statusCode()).isEqualTo(200);
    assertThat(server.publishers.awaitEnding("live/one").detail())
        .isEqualTo("the publisher deleted its session");
  }

  @Test
  void shouldTakeCandidatesAndRefuseRestarts() throws Exception {
    String place = post("live/one", offer()).headers().firstValue("Location").orElseThrow();
    HttpRequest.Builder patch =
        request(place, WhipTestServer.TOKEN)
            .method("PATCH", HttpRequest.BodyPublishers.ofString("a=end-of-candidates\r\n"))
            .header("Content-Type", "application/trickle-ice-sdpfrag");

    assertThat(send(patch).statusCode()).isEqualTo(204);
    assertThat(send(patch.header("If-Match", "*")).statusCode()).isEqualTo(422);
  }

  @Test
  void shouldTellBrowsersWhatPagesMayDo() throws Exception {
    HttpResponse<String> options = at(server.url("/whip/live/one").toString(), "OPTIONS", "");

    assertThat(options.statusCode()).isEqualTo(200);
    assertThat(options.headers().firstValue("Accept-Post")).contains("application/sdp");
    assertThat(options.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(options.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
        .contains("POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
  void shouldAllowNothingElseAtTheEndpoint(String method) throws Exception {
    HttpResponse<String> answer = at(server.url("/whip/live/one").toString(), method, "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow").orElse("")).contains("POST");
  }

  @Test
  void shouldNotReadTheOfferOfWhoShowsNoToken() throws Exception {
    HttpResponse<String> answer =
        send(request(server.url("/whip/live/one").toString(), "wrong").POST(body("nonsense")));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(server.publishers.awaitRefusal().reason()).isEqualTo(EndReason.UNAUTHORISED);
  }

  @Test
  void shouldRefuseWhatIsNoOffer() throws Exception {
    assertThat(post("live/one", "nonsense").statusCode()).isEqualTo(400);
    assertThat(post("live/one", offer().replace("m=video", "m=text")).statusCode()).isEqualTo(400);
    assertThat(post("live/one", offer().replace("a=fingerprint", "a=x")).statusCode())
        .isEqualTo(400);
    assertThat(post("live/one", offer().replaceAll("(H264|VP8|VP9|AV1)/", "MPV/")).statusCode())
        .isEqualTo(422);
    assertThat(post("live/one", "v=0\r\n" + "a=x\r\n".repeat(20_000)).statusCode()).isEqualTo(413);
    HttpRequest.Builder other =
        request(server.url("/whip/live/one").toString(), WhipTestServer.TOKEN).POST(body(offer()));
    assertThat(send(other).statusCode()).isEqualTo(415);
  }

  @Test
  void shouldBoundTheNumberOfSessions() throws Exception {
    for (int i = 0; i < WhipTestServer.MAX_SESSIONS; i++) {
      assertThat(post("live/" + i, offer()).statusCode()).isEqualTo(201);
    }

    HttpResponse<String> answer = post("live/more", offer());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  private HttpResponse<String> post(String stream, String offer) throws Exception {
    return send(
        request(server.url("/whip/" + stream).toString(), WhipTestServer.TOKEN)
            .header("Content-Type", "application/sdp")
            .POST(body(offer)));
  }

  private static HttpResponse<String> at(String url, String method, String token) throws Exception {
    return send(request(url, token).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  private static HttpRequest.Builder request(String url, String token) {
    return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher body(String text) {
    return HttpRequest.BodyPublishers.ofString(text);
  }

  private static String offer() throws Exception {
    return Files.readString(OFFER);
  }
}
