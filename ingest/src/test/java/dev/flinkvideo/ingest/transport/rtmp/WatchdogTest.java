package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchdogTest {
  private static final long BRIEF_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LONG_NANOS = Duration.ofHours(1).toNanos();

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Socket peer;
  private Socket ours;
  private Watchdog watchdog;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      peer = new Socket(server.getInetAddress(), server.getLocalPort());
      ours = server.accept();
    }
    watchdog = new Watchdog(ours, timer);
  }

  @AfterEach
  void close() throws IOException {
    watchdog.close();
    peer.close();
    timer.shutdownNow();
  }

  @Test
  void shouldEndAReadThatGetsNothing() {
    watchdog.allow(BRIEF_NANOS);

    assertThatThrownBy(() -> ours.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .satisfies(e -> assertThat(explained(e)).isInstanceOf(SocketTimeoutException.class));
  }

  @Test
  void shouldEndAWriteThatNobodyReads() {
    watchdog.allow(BRIEF_NANOS);

    assertThatThrownBy(() -> ours.getOutputStream().write(new byte[64 << 20]))
        .isInstanceOf(SocketException.class)
        .satisfies(e -> assertThat(explained(e)).isInstanceOf(SocketTimeoutException.class));
  }

  @Test
  void shouldBiteSoonerIfLessIsAllowedThanBefore() {
    watchdog.allow(LONG_NANOS);
    watchdog.allow(BRIEF_NANOS);

    assertThatThrownBy(() -> ours.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void shouldWaitForWhomMoreIsAllowed() throws IOException {
    watchdog.allow(BRIEF_NANOS);
    watchdog.allow(LONG_NANOS);
    ours.setSoTimeout(600);

    assertThatThrownBy(() -> ours.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(ours.isClosed()).isFalse();
  }

  @Test
  void shouldBiteNobodyWhileItRestsAndWakeUpAgain() throws IOException {
    watchdog.allow(BRIEF_NANOS);
    watchdog.rest();
    ours.setSoTimeout(600);
    assertThatThrownBy(() -> ours.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(ours.isClosed()).isFalse();

    watchdog.allow(BRIEF_NANOS);

    ours.setSoTimeout(0);
    assertThatThrownBy(() -> ours.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void shouldLeaveTheFailuresOfOthersAlone() {
    EOFException failure = new EOFException();

    assertThat(watchdog.explain(failure)).isSameAs(failure);
  }

  private IOException explained(Throwable failure) {
    return watchdog.explain((IOException) failure);
  }
}
