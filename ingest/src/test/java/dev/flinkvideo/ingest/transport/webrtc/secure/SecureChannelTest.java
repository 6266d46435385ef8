package dev.flinkvideo.ingest.transport.webrtc.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SecureChannelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DtlsIdentity ours = DtlsIdentity.create();
  private final DtlsIdentity theirs = DtlsIdentity.create();
  private final BlockingQueue<byte[]> toServer = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();

  @Test
  void shouldAgreeOnKeysAndOpenEachPacketOnce() throws Exception {
    CompletableFuture<SecureChannel> server = server(theirs.fingerprint());
    try (SecureChannel client = client();
        SecureChannel channel = server.join()) {
      byte[] report = new byte[32];
      report[0] = (byte) 0x80;
      report[1] = (byte) 201;
      report[3] = 7;
      byte[] sealed = client.srtp().sealRtcp(report);
      byte[] forged = sealed.clone();
      forged[10] ^= 1;

      assertThat(channel.srtp().openRtcp(forged)).isNull();
      assertThat(channel.srtp().openRtcp(sealed.clone())).isEqualTo(report);
      assertThat(channel.srtp().openRtcp(sealed.clone())).as("a replay").isNull();
      assertThat(channel.srtp().openRtp(new byte[3])).isNull();
    }
  }

  @Test
  void shouldHearAGoodbye() throws Exception {
    CompletableFuture<SecureChannel> server = server(theirs.fingerprint());
    SecureChannel client = client();
    try (SecureChannel channel = server.join()) {
      toServer.clear();
      client.close();

      assertThat(channel.accept(toServer.poll(30, TimeUnit.SECONDS))).isFalse();
    }
  }

  @Test
  void shouldRefuseACertificateThatIsNotTheOneOfTheDescription() {
    CompletableFuture<SecureChannel> server = server(ours.fingerprint());

    assertThatThrownBy(this::client).isInstanceOf(IOException.class);
    assertThatThrownBy(server::join)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("certificate");
  }

  private CompletableFuture<SecureChannel> server(Fingerprint expected) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return SecureChannel.open(
                new Pipe(toServer, toClient), ours, expected, /* server= */ true, PATIENCE);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
  }

  private SecureChannel client() throws IOException {
    return SecureChannel.open(
        new Pipe(toClient, toServer), theirs, ours.fingerprint(), /* server= */ false, PATIENCE);
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
