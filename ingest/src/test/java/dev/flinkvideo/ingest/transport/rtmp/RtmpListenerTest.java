package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad people at the RTMP port: each loses its own connection, with the right reason. */
class RtmpListenerTest {
  private static final Duration BRIEF = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Deadlines BRIEFLY = new Deadlines(BRIEF, BRIEF, BRIEF);
  private static final int PER_ADDRESS = 4;
  private static final Ending TOO_LATE = new Ending(EndReason.STALLED, "did not publish in time");

  @TempDir Path directory;

  private final Publishers publishers = new Publishers();
  private RtmpListener listener;

  @BeforeEach
  void listen() throws IOException {
    listen(Optional.empty(), BRIEFLY);
  }

  private void listen(Optional<SSLSocketFactory> tls, Deadlines deadlines) throws IOException {
    listener =
        new RtmpListener(
            new ServerSocket(0, 16, InetAddress.getLoopbackAddress()),
            tls,
            new FakeGate("live/", "sesame"),
            publishers,
            new PeerLimits(2, 2),
            new PeerLimits(PER_ADDRESS, PER_ADDRESS),
            deadlines);
    listener.start();
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  @Test
  void shouldHangUpOnWhatIsNotRtmp() throws IOException {
    try (RtmpClient client = new RtmpClient(listener.port())) {
      client.raw("GET / HTTP/1.1\r\n\r\n".getBytes());

      assertThat(client.isHungUp()).isTrue();
      assertThat(publishers.awaitRefusal())
          .isEqualTo(new Ending(EndReason.PROTOCOL_ERROR, "not RTMP: it begins with byte 71"));
    }
  }

  @Test
  void shouldHangUpOnWhoSaysNothing() throws IOException {
    try (RtmpClient client = new RtmpClient(listener.port())) {
      assertThat(client.isHungUp()).isTrue();
      assertThat(publishers.awaitRefusal().reason()).isEqualTo(EndReason.STALLED);
    }
  }

  @Test
  void shouldHangUpOnWhoDripsItsHandshake() throws Exception {
    try (RtmpClient client = new RtmpClient(listener.port())) {
      assertThat(refusalOf(client, 3)).isEqualTo(TOO_LATE);
    }
  }

  @Test
  void shouldHangUpOnWhoDripsItsHandshakeOverTls() throws Exception {
    SSLContext tls = listenByTls();
    try (RtmpClient client = new RtmpClient(secured(tls, socket()))) {
      assertThat(refusalOf(client, 3)).isEqualTo(TOO_LATE);
    }
  }

  @Test
  void shouldHangUpOnWhoDripsItsTlsHandshake() throws Exception {
    listenByTls();
    try (RtmpClient client = new RtmpClient(listener.port())) {
      assertThat(refusalOf(client, 0x16, 3, 1, 0x40, 0)).isEqualTo(TOO_LATE); // a record of 16 kB
    }
  }

  @Test
  void shouldHangUpOnWhoDripsARecordOfTls() throws Exception {
    SSLContext tls = listenByTls();
    try (Socket socket = socket()) {
      secured(tls, socket).getOutputStream().write(3); // so that TLS is agreed on

      RtmpClient client = new RtmpClient(socket); // speaks below TLS
      assertThat(refusalOf(client, 0x17, 3, 3, 0x40, 0)).isEqualTo(TOO_LATE);
    }
  }

  @Test
  void shouldPublishOverTls() throws Exception {
    SSLContext tls = listenByTls();
    try (RtmpClient client =
        new RtmpClient(secured(tls, socket())).publish("live", "one?key=sesame")) {
      client.message(RtmpMessage.COMMAND_AMF0, Amf0.write("deleteStream", 0.0, null, 1.0));

      assertThat(publishers.awaitEnding("live/one").reason()).isEqualTo(EndReason.CLOSED);
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void shouldHangUpOnAMessageThatNeverEnds() throws IOException {
    try (RtmpClient client = new RtmpClient(listener.port()).publish("live", "one?key=sesame")) {
      client.raw(RtmpClient.chunk(4, RtmpMessage.VIDEO, 0xffffff, new byte[128]));

      assertThat(publishers.awaitEnding("live/one").reason()).isEqualTo(EndReason.STALLED);
    }
  }

  @Test
  void shouldBoundWhatIsUnderWayOnAllChunkStreamsTogether() throws IOException {
    try (RtmpClient client = new RtmpClient(listener.port()).publish("live", "one?key=sesame")) {
      int half = ChunkReader.MAX_MESSAGE_BYTES / 2 + 1;
      client.message(RtmpMessage.SET_CHUNK_SIZE, ByteBuffer.allocate(4).putInt(half).array());
      try {
        for (int id = 4; id < 8; id++) {
          client.raw(RtmpClient.chunk(id, RtmpMessage.VIDEO, half + 1, new byte[half]));
        }
      } catch (IOException e) {
        // hung up on while we were still sending
      }

      assertThat(publishers.awaitEnding("live/one"))
          .isEqualTo(
              new Ending(
                  EndReason.PROTOCOL_ERROR,
                  "unfinished messages of more than 16777216 bytes together"));
    }
  }

  @Test
  void shouldTakeNoMoreMemoryForStrangersThanCommandsNeed() throws IOException {
    try (RtmpClient client = new RtmpClient(listener.port()).handshake()) {
      client.raw(RtmpClient.chunk(4, RtmpMessage.VIDEO, 64 * 1024 + 1, new byte[0]));

      assertThat(client.isHungUp()).isTrue();
      assertThat(publishers.awaitRefusal())
          .isEqualTo(
              new Ending(
                  EndReason.PROTOCOL_ERROR, "a message of 65537 bytes, at most 65536 are taken"));
    }
  }

  @Test
  void shouldHangUpOnTooManyChunkStreams() throws IOException {
    try (RtmpClient client = new RtmpClient(listener.port()).publish("live", "one?key=sesame")) {
      for (int id = 64; id < 64 + 70; id++) {
        byte[] chunk = RtmpClient.chunk(0, RtmpMessage.AUDIO, 0, new byte[0]);
        byte[] longId = new byte[chunk.length + 1];
        System.arraycopy(chunk, 1, longId, 2, chunk.length - 1);
        longId[1] = (byte) (id - 64);
        client.raw(longId);
      }

      assertThat(publishers.awaitEnding("live/one").detail()).startsWith("more than 64 chunk");
    }
  }

  @Test
  void shouldHangUpOnACommandThatNestsTooDeep() throws IOException {
    byte[] deep = new byte[100];
    Arrays.fill(deep, (byte) 3); // an object, whose first member's name is 771 long, and so on
    try (RtmpClient client = new RtmpClient(listener.port()).handshake()) {
      client.message(RtmpMessage.COMMAND_AMF0, deep);

      assertThat(publishers.awaitRefusal().reason()).isEqualTo(EndReason.PROTOCOL_ERROR);
    }
  }

  @Test
  void shouldHangUpOnWhoAsksForAnswersWithoutEnd() throws IOException {
    byte[] ping = ByteBuffer.allocate(6).putShort((short) 6).array();
    try (RtmpClient client = new RtmpClient(listener.port()).publish("live", "one?key=sesame")) {
      try {
        for (int i = 0; i < 2000; i++) {
          client.message(RtmpMessage.USER_CONTROL, ping);
        }
      } catch (IOException e) {
        // hung up on while we were still sending
      }

      assertThat(publishers.awaitEnding("live/one").detail())
          .isEqualTo("1000 commands without media");
    }
  }

  @Test
  void shouldHangUpOnAStrangerWhoAsksForAnswersWithoutReadingThem() throws IOException {
    listener.close();
    listen(Optional.empty(), new Deadlines(PATIENCE, PATIENCE, PATIENCE));
    try (RtmpClient client = RtmpClient.narrow(listener.port()).handshake()) {
      client.message(RtmpMessage.SET_CHUNK_SIZE, ByteBuffer.allocate(4).putInt(1 << 16).array());
      byte[] command = Amf0.write("createStream", "x".repeat(60_000), null); // comes back, if let
      try {
        for (int i = 0; i < 2000; i++) {
          client.message(RtmpMessage.COMMAND_AMF0, command);
        }
      } catch (IOException e) {
        // hung up on while we were still sending
      }

      assertThat(publishers.awaitRefusal())
          .isEqualTo(new Ending(EndReason.PROTOCOL_ERROR, "32 commands before publishing"));
    }
  }

  @Test
  void shouldHangUpOnAPublisherThatReadsNoAcknowledgements() throws IOException {
    listener.close();
    Duration enough = Duration.ofSeconds(3); // to fill what is between us
    listen(Optional.empty(), new Deadlines(PATIENCE, enough, PATIENCE));
    try (RtmpClient client = RtmpClient.narrow(listener.port()).publish("live", "one?key=sesame")) {
      client.message(RtmpMessage.SET_CHUNK_SIZE, ByteBuffer.allocate(4).putInt(1 << 16).array());
      client.message(RtmpMessage.WINDOW_SIZE, ByteBuffer.allocate(4).putInt(4096).array());
      new Thread(() -> flood(client), "flood").start();

      assertThat(publishers.awaitEnding("live/one"))
          .isEqualTo(new Ending(EndReason.NO_VIDEO, "only sound or data within 3000 ms"));
    }
  }

  @Test
  void shouldLetNoMoreThanSoManyStrangersIn() throws IOException {
    List<RtmpClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(new RtmpClient(listener.port()));
    }
    assertThat(publishers.awaitRefusal().reason()).isEqualTo(EndReason.REFUSED);
    for (RtmpClient client : clients) {
      client.close();
    }
  }

  @Test
  void shouldSurviveNoiseAfterAGoodBeginning() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      byte[] noise = new byte[1 + random.nextInt(3000)];
      random.nextBytes(noise);
      try (RtmpClient client =
          new RtmpClient(listener.port()).publish("live", "noise?key=sesame")) {
        client.raw(noise);
      } catch (IOException e) {
        // hung up on while we were still sending
      }
    }
    try (RtmpClient client = new RtmpClient(listener.port()).publish("live", "good?key=sesame")) {
      client.message(RtmpMessage.COMMAND_AMF0, Amf0.write("deleteStream", 0.0, null, 1.0));

      assertThat(publishers.awaitEnding("live/good").reason()).isEqualTo(EndReason.CLOSED);
    }
  }

  private SSLContext listenByTls() throws Exception {
    listener.close();
    SSLContext tls = TestTls.create(directory);
    listen(Optional.of(tls.getSocketFactory()), BRIEFLY);
    return tls;
  }

  private Socket socket() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), listener.port());
  }

  private static Socket secured(SSLContext tls, Socket socket) throws IOException {
    return tls.getSocketFactory()
        .createSocket(socket, "localhost", socket.getPort(), /* autoClose= */ true);
  }

  /** How one is refused who begins so, and then sends a byte each 20 ms. */
  private Ending refusalOf(RtmpClient client, int... beginning) throws InterruptedException {
    Thread dripper = new Thread(() -> drip(client, beginning), "dripper");
    dripper.start();
    Ending refusal = publishers.awaitRefusal();
    dripper.join();
    return refusal;
  }

  private static void flood(RtmpClient client) {
    byte[] sound = new byte[4096];
    try {
      while (true) {
        client.message(RtmpMessage.AUDIO, sound);
      }
    } catch (IOException e) {
      // hung up on, as it should be
    }
  }

  private static void drip(RtmpClient client, int... beginning) {
    try {
      for (int first : beginning) {
        client.raw(new byte[] {(byte) first});
      }
      while (true) {
        client.raw(new byte[1]);
        LockSupport.parkNanos(20_000_000);
      }
    } catch (IOException e) {
      // hung up on, as it should be
    }
  }
}
