package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpStrangersTest {
  private static final long WITHIN_MS = 1000;
  private static final int LOOK_MS = 30_000;

  private final List<EndReason> refused = new CopyOnWriteArrayList<>();
  private final PeerLimits limits = new PeerLimits(1, 1);
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  @BeforeEach
  void start() throws Exception {
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.addEventListener(
        new HttpStrangers(limits, connector.getScheduler(), WITHIN_MS, new Refused()));
    server.addConnector(connector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void shouldSayWhyItHangsUp() throws IOException {
    try (Socket slow = connect()) {
      slow.getOutputStream().write("POST /".getBytes(StandardCharsets.US_ASCII));
      await().until(() -> limits.total() == 1);
      try (Socket tooMany = connect()) {
        assertThat(tooMany.getInputStream().read()).isNegative();
        assertThat(refused).containsExactly(EndReason.REFUSED);
      }

      assertThat(slow.getInputStream().read()).isNegative();
    }
    await().until(() -> limits.total() == 0);
    assertThat(refused).containsExactly(EndReason.REFUSED, EndReason.STALLED);
  }

  @Test
  void shouldSayNothingOfWhoGetsAnAnswer() throws IOException {
    try (Socket socket = connect()) {
      String request = "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().readAllBytes()).asString().contains(" 404 ");
    }
    await().until(() -> limits.total() == 0);
    assertThat(refused).isEmpty();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    socket.setSoTimeout(LOOK_MS);
    return socket;
  }

  private final class Refused implements PublisherHandler {
    @Override
    public void publish(String stream, String peer, LiveTransport transport) {
      throw new AssertionError("nobody publishes here");
    }

    @Override
    public void refused(String peer, Ending why) {
      refused.add(why.reason());
    }
  }
}
