package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.ContainerFuzzTest;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records what {@link RtmpFuzzTest} begins with, and the FLV that is in it and that {@link
 * ContainerFuzzTest} begins with: {@code -Dregenerate=true}.
 */
@RequiresPeer("ffmpeg")
@EnabledIfSystemProperty(named = "regenerate", matches = "true")
class RtmpSeedE2ECase {
  private static final Path SEED =
      Path.of(
          "src/test/resources/dev/flinkvideo/ingest/transport/rtmp/RtmpFuzzTestInputs/read/seed-ffmpeg");
  private static final int SEED_BYTES = 16 * 1024;

  /** More than what is left of it without handshake and commands. */
  private static final int HEARD_BYTES = 2 * ContainerFuzzTest.SEED_BYTES;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  @TempDir Path directory;

  @Test
  void shouldRecordWhatFfmpegSays() throws Exception {
    PeerLimits limits = new PeerLimits(2, 2);
    Deadlines deadlines = new Deadlines(PATIENCE, PATIENCE, PATIENCE);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket between = new ServerSocket(0, 1, loopback);
        RtmpListener listener =
            new RtmpListener(
                new ServerSocket(0, 1, loopback),
                new FakeGate("live/", "x"),
                new Publishers(),
                limits,
                limits,
                deadlines)) {
      listener.start();
      Path clip = Encodes.make(directory.resolve("clip.mp4"), "libx264 -bf 2");
      String output = "-c copy -f flv rtmp://127.0.0.1:%d/live/one?key=x";
      String read = "-re -i %s ".formatted(clip);
      try (PeerProcess ffmpeg =
              PeerProcess.ffmpeg(read + output.formatted(between.getLocalPort()));
          Socket peer = between.accept();
          Socket server = new Socket(loopback, listener.port())) {
        pump(peer.getInputStream(), new Heard(server.getOutputStream()));
        pump(server.getInputStream(), peer.getOutputStream());
        await(ffmpeg.output()).atMost(PATIENCE).until(() -> heard.size() >= HEARD_BYTES);
      }
    }
    Files.createDirectories(SEED.getParent());
    Files.write(SEED, Arrays.copyOf(heard.toByteArray(), SEED_BYTES));
    assertThat(SEED).hasSize(SEED_BYTES);
    assertThat(ContainerFuzzTest.writeSeed("flv", flv())).isPositive();
  }

  /** What was heard, heard again, as it is handed to libavformat. */
  private byte[] flv() throws IOException {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket peer = new Socket(between.getInetAddress(), between.getLocalPort());
        Socket socket = between.accept();
        Watchdog watchdog = new Watchdog(socket, timer)) {
      RtmpSession session = new RtmpSession(socket, watchdog);
      peer.getOutputStream().write(heard.toByteArray());
      watchdog.allow(PATIENCE.toNanos());
      assertThat(session.awaitPublish()).isTrue();
      watchdog.rest();
      session.acceptPublish();
      FlvFeed feed = new FlvFeed(session);
      ByteBuffer flv = ByteBuffer.allocate(ContainerFuzzTest.SEED_BYTES);
      while (flv.hasRemaining() && feed.read(flv, PATIENCE.toNanos()) > 0) {
        assertThat(feed.ending()).isNull();
      }
      return flv.array();
    } finally {
      timer.shutdownNow();
    }
  }

  private static void pump(InputStream in, OutputStream out) {
    Thread thread =
        new Thread(
            () -> {
              try {
                in.transferTo(out);
              } catch (IOException e) {
                // the end of it
              }
            },
            "pump");
    thread.setDaemon(true);
    thread.start();
  }

  private final class Heard extends FilterOutputStream {
    Heard(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      heard.write(bytes, offset, length);
      out.write(bytes, offset, length);
    }
  }
}
