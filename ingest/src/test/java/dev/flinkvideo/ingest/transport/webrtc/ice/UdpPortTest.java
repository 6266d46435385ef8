package dev.flinkvideo.ingest.transport.webrtc.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UdpPortTest {
  private static final byte[] ID = "twelve bytes".getBytes();
  private static final int SILENCE_MS = 200;

  private final IceAgent agent = IceAgent.lite();
  private UdpPort port;
  private DatagramSocket peer;

  @BeforeEach
  void open() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    port = new UdpPort(new InetSocketAddress(loopback, 0));
    port.start();
    port.add(agent);
    peer = new DatagramSocket(new InetSocketAddress(loopback, 0));
    peer.setSoTimeout(30_000);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    port.close();
  }

  @Test
  void shouldAnswerASignedCheckAndKnowThePeerFromThenOn() throws Exception {
    send(check(agent.local().password()));
    StunMessage answer = StunMessage.parse(receive()).orElseThrow();
    send(new byte[] {(byte) 0x80, 1, 2, 3});

    assertThat(answer.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
    assertThat(answer.isSignedWith(agent.local().password())).isTrue();
    assertThat(agent.selected().getPort()).isEqualTo(peer.getLocalPort());
    assertThat(agent.poll(TimeUnit.SECONDS.toNanos(30))).hasSize(4);
  }

  @Test
  void shouldBeSilentToWhoDoesNotKnowThePassword() throws Exception {
    send(check("guessed"));
    send(new StunWriter(StunMessage.BINDING_REQUEST, ID).sign("guessed"));
    send(new byte[] {(byte) 0x80, 1, 2, 3});
    peer.setSoTimeout(SILENCE_MS);

    assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
    assertThat(agent.selected()).isNull();
    assertThat(agent.poll(0)).isNull();
  }

  @Test
  void shouldForgetAPeerThatIsRemoved() throws Exception {
    send(check(agent.local().password()));
    receive();
    port.remove(agent);
    send(check(agent.local().password()));
    peer.setSoTimeout(SILENCE_MS);

    assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void shouldNotGiveAnAddressAwayAsLongAsItsPeerIsThere() throws Exception {
    IceAgent other = IceAgent.lite();
    port.add(other);
    send(check(agent.local().password()));
    receive();

    send(check(other, other.local().password())); // as if from a forged address
    send(new byte[] {(byte) 0x80, 1, 2, 3});

    assertThat(agent.poll(TimeUnit.SECONDS.toNanos(30))).hasSize(4);
    assertThat(other.selected()).isNull();
    port.remove(agent);
    send(check(other, other.local().password()));
    receive();
    send(new byte[] {(byte) 0x80, 1, 2, 3, 4});
    assertThat(other.poll(TimeUnit.SECONDS.toNanos(30))).hasSize(5);
  }

  private byte[] check(String password) {
    return check(agent, password);
  }

  private static byte[] check(IceAgent agent, String password) {
    return new StunWriter(StunMessage.BINDING_REQUEST, ID)
        .attribute(StunMessage.USERNAME, agent.local().name() + ":peer")
        .attribute(StunMessage.USE_CANDIDATE, new byte[0])
        .sign(password);
  }

  private void send(byte[] bytes) throws IOException {
    InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port());
    peer.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private byte[] receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
    peer.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }
}
