package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.Browser;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.webrtc.ice.StunMessage;
import dev.flinkvideo.peers.RequiresPeer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records what the fuzz tests beside it begin with, {@code -Dregenerate=true}: checks of each peer,
 * packets with reports and retransmissions, and the captures there are.
 */
@RequiresPeer({"ffmpeg", "chromium", "/usr/lib/python3/dist-packages/gi/overrides/Gst.py"})
@EnabledIfSystemProperty(named = "regenerate", matches = "true")
class WebRtcSeedE2ECase {
  private static final Path SEEDS =
      Path.of("src/test/resources/dev/flinkvideo/ingest/transport/webrtc");
  private static final Path CAPTURES = Path.of("src/test/resources/webrtc");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void shouldRecordFfmpeg() throws Exception {
    SeedRecorder recorder = new SeedRecorder();
    try (WhipTestServer server = new WhipTestServer(recorder);
        PeerProcess ffmpeg =
            PeerProcess.newerFfmpeg(
                "-re -i %s -map 0:v -c copy -f whip -authorization %s %s"
                    .formatted(
                        Clips.CAR.path(), WhipTestServer.TOKEN, server.url("/whip/live/one")))) {
      await(ffmpeg.output()).atMost(PATIENCE).until(() -> !recorder.checks().isEmpty());
      writeCheck("ffmpeg", recorder);
    }
  }

  @Test
  void shouldRecordChromium() throws Exception {
    SeedRecorder recorder = new SeedRecorder();
    try (WhipTestServer server = new WhipTestServer(recorder);
        Browser browser = WhipBrowserE2ECase.publish(server, "VP8", "pattern")) {
      awaitAllKinds(recorder);
      browser.evaluate("element('stop').click()");
      server.publishers.awaitEnding(WhipBrowserE2ECase.STREAM);
      writeCheck("chromium", recorder);
      write("RtpFuzzTestInputs/assemble/seed-chromium-lossy-vp8", recorder.seed(1));
    }
  }

  @Test
  void shouldRecordGstreamer() throws Exception {
    SeedRecorder recorder = new SeedRecorder();
    Path clip =
        Encodes.make(
            directory.resolve("clip.mp4"), "libx264 -preset ultrafast -bf 0 -profile:v baseline");
    try (WhipTestServer server = WhipGstreamerE2ECase.server(recorder);
        PeerProcess gstreamer = WhipGstreamerE2ECase.publish(server, clip, "h264")) {
      server.publishers.awaitEnding(WhipGstreamerE2ECase.STREAM);
      assertThat(gstreamer.await()).as(gstreamer::output).isZero();
      awaitAllKinds(recorder);
      writeCheck("gstreamer", recorder);
      write("RtpFuzzTestInputs/assemble/seed-gstreamer-lossy-h264", recorder.seed(0));
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

  private static void awaitAllKinds(SeedRecorder recorder) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(recorder.reports()).as("reports").isPositive();
              assertThat(recorder.retransmissions()).as("retransmissions").isPositive();
            });
  }

  private static void writeCheck(String peer, SeedRecorder recorder) throws Exception {
    byte[] check = recorder.checks().get(0);
    assertThat(StunMessage.parse(check)).isPresent();
    write("StunFuzzTestInputs/parse/seed-" + peer, check);
  }

  private static void write(String name, byte[] seed) throws Exception {
    Path file = SEEDS.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, seed);
  }
}
