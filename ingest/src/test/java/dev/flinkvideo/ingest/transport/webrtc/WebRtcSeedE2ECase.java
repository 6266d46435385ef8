package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.webrtc.ice.StunMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Records what the fuzz tests beside it begin with, {@code -Dregenerate=true}: a check of ffmpeg,
 * and the captures there are.
 */
@EnabledIfSystemProperty(named = "regenerate", matches = "true")
class WebRtcSeedE2ECase {
  private static final Path SEEDS =
      Path.of("src/test/resources/dev/flinkvideo/ingest/transport/webrtc");
  private static final Path CAPTURES = Path.of("src/test/resources/webrtc");

  @Test
  void shouldRecordACheck() throws Exception {
    BlockingQueue<byte[]> checks = new LinkedBlockingQueue<>();
    try (WhipTestServer server =
            new WhipTestServer(
                datagram -> !StunMessage.looksLike(datagram) || checks.add(datagram));
        PeerProcess ffmpeg =
            PeerProcess.newerFfmpeg(
                "-re -i %s -map 0:v -c copy -f whip -authorization %s %s"
                    .formatted(
                        Clips.CAR.path(), WhipTestServer.TOKEN, server.url("/whip/live/one")))) {
      byte[] check = checks.poll(30, TimeUnit.SECONDS);
      assertThat(check).as(ffmpeg::output).isNotNull();
      write("StunFuzzTestInputs/parse/seed-ffmpeg", check);
    }
  }

  @Test
  void shouldCopyOffers() throws Exception {
    for (String peer : List.of("chromium", "ffmpeg")) {
      byte[] offer = Captures.offer(peer).getBytes(StandardCharsets.UTF_8);
      write("SdpFuzzTestInputs/answer/seed-" + peer, offer);
    }
  }

  @Test
  void shouldCopyPackets() throws Exception {
    List<String> captures =
        List.of("chromium-h264", "chromium-vp8", "chromium-vp9", "chromium-av1", "ffmpeg-h264");
    for (String capture : captures) {
      byte[] packets = Files.readAllBytes(CAPTURES.resolve(capture + ".rtp"));
      byte[] seed = new byte[1 + packets.length];
      seed[0] = (byte) (captures.indexOf(capture) % 4);
      System.arraycopy(packets, 0, seed, 1, packets.length);
      write("RtpFuzzTestInputs/assemble/seed-" + capture, seed);
    }
  }

  private static void write(String name, byte[] seed) throws Exception {
    Path file = SEEDS.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, seed);
  }
}
