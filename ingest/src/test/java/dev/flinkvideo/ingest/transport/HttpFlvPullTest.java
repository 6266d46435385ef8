package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpFlvPullTest {
  private static final Deadlines SHORT =
      new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @Test
  void shouldSayThatNobodyListens() throws Exception {
    LiveTransport transport =
        HttpFlvPull.of("http://127.0.0.1:%d/live.flv".formatted(unusedPort()), SHORT);

    assertThat(transport.read(new Recording()).reason()).isEqualTo(EndReason.REFUSED);
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
