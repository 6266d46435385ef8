package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.FakeGate;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many publishers on one port, good ones and bad ones. */
@RequiresPeer("ffmpeg")
class RtmpCrowdE2ECase {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Publishers publishers = new Publishers();
  private final List<PeerProcess> peers = new ArrayList<>();
  private RtmpListener listener;

  @BeforeEach
  void listen() throws IOException {
    listener =
        new RtmpListener(
            new ServerSocket(0, 64, InetAddress.getLoopbackAddress()),
            new FakeGate("live/", "sesame"),
            publishers,
            new PeerLimits(64, 64),
            new PeerLimits(256, 256),
            new Deadlines(PATIENCE, PATIENCE, PATIENCE));
    listener.start();
  }

  @AfterEach
  void close() throws IOException {
    for (PeerProcess peer : peers) {
      peer.close();
    }
    listener.close();
  }

  /** JavaCPP makes ten functions of a type and then none, without a word. */
  @Test
  void shouldTakeMoreThanTenPublishersAtOnce() throws Exception {
    for (int i = 0; i < 12; i++) {
      publish("many" + i);
    }
    for (int i = 0; i < 12; i++) {
      publishers.awaitUnits("live/many" + i, 30);
    }
  }

  @Test
  void shouldLeaveSixStreamsAloneWhileOthersAttack() throws Exception {
    for (int i = 0; i < 6; i++) {
      publish("good" + i);
    }
    for (int i = 0; i < 6; i++) {
      publishers.awaitUnits("live/good" + i, 10);
    }
    attack();

    List<Long> sent = Encodes.hashes(Clips.PERSON.path());
    for (int i = 0; i < 6; i++) {
      int came = publishers.recording("live/good" + i).units().size();
      publishers.awaitUnits("live/good" + i, came + 30);
      List<Long> hashes = publishers.recording("live/good" + i).hashes();
      assertThat(hashes).isEqualTo(sent.subList(0, hashes.size()));
    }
  }

  private void publish(String name) throws IOException {
    peers.add(
        PeerProcess.ffmpeg(
            "-re -i %s -c copy -an -f flv rtmp://127.0.0.1:%d/live/%s?key=sesame"
                .formatted(Clips.PERSON.path(), listener.port(), name)));
  }

  private void attack() throws IOException {
    Random random = new Random(7);
    List<RtmpClient> silent = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      byte[] noise = new byte[1 + random.nextInt(4000)];
      random.nextBytes(noise);
      RtmpClient client = new RtmpClient(listener.port());
      try {
        switch (round % 4) {
          case 0 -> client.raw(noise);
          case 1 -> client.handshake().raw(noise);
          case 2 -> client.publish("live", "bad?key=sesame").raw(noise);
          default -> client.publish("live", "good0?key=wrong");
        }
      } catch (IOException e) {
        // hung up on while we were still sending
      }
      if (round % 10 == 0) {
        silent.add(client);
      } else {
        client.close();
      }
    }
    for (RtmpClient client : silent) {
      client.close();
    }
  }
}
