package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.Reading;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that answer so that we would wait for ever. */
class WhepPullTest {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final DtlsIdentity IDENTITY = DtlsIdentity.create();
  private static final Ending LATE = new Ending(EndReason.LOST, "no answer within 1000 ms");

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "an answer that never ends, HTTP/1.1 201 Created|Content-Length: 1000||v=0",
    "an answer of no known length, HTTP/1.1 201 Created|Location: /session||v=0",
    "headers that never end, HTTP/1.1 201 Created|X-One: 1|X-Two: "
  })
  void shouldGiveUpOnWhatDrips(String what, String beginning) throws Exception {
    Instant begun = Instant.now();
    try (Reading reading = new Reading(pull(CONNECT))) {
      CompletableFuture<Void> hungUp = answer(beginning);

      assertThat(reading.awaitEnding()).as(what).isEqualTo(LATE);
      assertThat(reading.endedAfter(begun)).isBetween(CONNECT, CONNECT.plus(Recording.GRACE));
      hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldCloseAtOnceWhileTheServerThinks() throws Exception {
    WhepPull pull = pull(LONG);
    try (Reading reading = new Reading(pull);
        Socket client = server.accept()) {
      client.getInputStream().read(); // so it has posted
      Instant stopped = Instant.now();
      pull.stop();

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.CLOSED, "we were told to close it"));
      assertThat(reading.endedAfter(stopped)).isLessThan(Recording.GRACE);
      awaitHangUp(client);
    }
  }

  @Test
  void shouldCloseAtOnceIfToldBefore() {
    WhepPull pull = pull(LONG);
    pull.stop();

    assertThat(pull.read(new Recording()).reason()).isEqualTo(EndReason.CLOSED);
  }

  @Test
  void shouldWaitForNoReasonsOfARefusal() throws Exception {
    try (Reading reading = new Reading(pull(LONG))) {
      CompletableFuture<Void> hungUp = answer("HTTP/1.1 404 Not Found|Content-Length: 1000||why");

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.REFUSED, "the server answered status=404"));
      hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldTakeNoAnswerThatIsTooLong() throws Exception {
    String answer = "HTTP/1.1 201 Created|Content-Length: 100000||" + "v=0".repeat(30_000);
    try (Reading reading = new Reading(pull(LONG))) {
      CompletableFuture<Void> hungUp = answer(answer);

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.PROTOCOL_ERROR, "answer: more than 65536 bytes"));
      hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  private WhepPull pull(Duration connect) {
    URI url = URI.create("http://127.0.0.1:%d/whep".formatted(server.getLocalPort()));
    return new WhepPull(url, "", IDENTITY, 2_000_000, new Deadlines(connect, LONG, LONG));
  }

  /** Says so to the next who calls, then a byte each 20 ms, until that one hangs up. */
  private CompletableFuture<Void> answer(String beginning) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket client = server.accept()) {
            OutputStream out = client.getOutputStream();
            client.getInputStream().read();
            out.write(beginning.replace("|", "\r\n").getBytes());
            while (true) {
              out.write('x');
              LockSupport.parkNanos(20_000_000);
            }
          } catch (IOException e) {
            // hung up on, as it should be
          }
        });
  }

  private static void awaitHangUp(Socket client) throws IOException {
    client.setSoTimeout(10_000);
    try (InputStream in = client.getInputStream()) {
      in.readAllBytes();
    } catch (SocketException e) {
      // reset, which is one as well
    }
  }
}
