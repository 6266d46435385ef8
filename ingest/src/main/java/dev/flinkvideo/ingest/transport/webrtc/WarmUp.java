package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.webrtc.secure.DatagramPeer;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import dev.flinkvideo.ingest.transport.webrtc.secure.SecureChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Shakes hands with ourselves once: loading Bouncy Castle takes a cold JVM seconds, in which a
 * first publisher would lose its key frame. Stateless.
 */
final class WarmUp {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private WarmUp() {}

  static void run(DtlsIdentity identity) {
    BlockingQueue<byte[]> toServer = new LinkedBlockingQueue<>();
    BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
    CompletableFuture<Void> server = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                shake(new Pipe(toServer, toClient), identity, /* server= */ true);
                server.complete(null);
              } catch (IOException | RuntimeException e) {
                server.completeExceptionally(e);
              }
            },
            "webrtc-warm-up");
    thread.start();
    try {
      shake(new Pipe(toClient, toServer), identity, /* server= */ false);
      server.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | ExecutionException e) {
      throw new IllegalStateException("DTLS does not work here", e);
    }
  }

  private static void shake(DatagramPeer peer, DtlsIdentity identity, boolean server)
      throws IOException {
    SecureChannel.open(peer, identity, identity.fingerprint(), server, PATIENCE).close();
  }

  private record Pipe(BlockingQueue<byte[]> in, BlockingQueue<byte[]> out) implements DatagramPeer {
    @Override
    public void send(byte[] bytes, int offset, int length) {
      out.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public byte[] poll(long nanos) throws InterruptedException {
      return in.poll(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean isStopped() {
      return false;
    }
  }
}
