package dev.flinkvideo.ingest.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * nginx with its RTMP module, as a server to pull from. {@code live} drops players when their
 * publisher leaves, {@code idle} keeps them, {@code told} keeps them and tells them. One test's.
 */
public final class NginxRtmp implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
      daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log info;
      events { worker_connections 64; }
      rtmp { server {
        listen 127.0.0.1:%2$d; chunk_size 4096; access_log off;
        application live { live on; wait_key on; idle_streams off; }
        application idle { live on; wait_key on; idle_streams on; }
        application told { live on; wait_key on; idle_streams on; publish_notify on; }
      } }
      """;

  private final int port = FreePort.tcp();
  private final Path log;
  private final PeerProcess process;

  public NginxRtmp(Path directory) throws IOException {
    log = directory.resolve("error.log");
    Path file =
        Files.writeString(
            directory.resolve("nginx.conf"), CONFIGURATION.formatted(directory, port));
    process = PeerProcess.start("nginx", "-p", directory.toString(), "-c", file.toString());
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::listens);
  }

  public String url(String application, String stream) {
    return "rtmp://127.0.0.1:%d/%s/%s".formatted(port, application, stream);
  }

  /** Whether anybody began to publish since it started. */
  public boolean hasPublisher() throws IOException {
    return Files.readString(log).contains("publish: name=");
  }

  /** Whether anybody asked to play since it started. */
  public boolean hasPlayer() throws IOException {
    return Files.readString(log).contains("play: name=");
  }

  public PeerProcess process() {
    return process;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
