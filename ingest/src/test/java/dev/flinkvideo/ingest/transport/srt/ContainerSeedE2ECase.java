package dev.flinkvideo.ingest.transport.srt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.ContainerFuzzTest;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records the MPEG-TS that {@link ContainerFuzzTest} begins with, as ffmpeg sends it over SRT:
 * {@code -Dregenerate=true}.
 */
@RequiresPeer({"ffmpeg", "srt-live-transmit"})
@EnabledIfSystemProperty(named = "regenerate", matches = "true")
class ContainerSeedE2ECase {
  private static final int PATIENCE_MS = 20_000;

  @TempDir Path directory;

  @Test
  void shouldRecordWhatFfmpegSends() throws Exception {
    Path clip = Encodes.make(directory.resolve("clip.mp4"), "libx264 -bf 2");
    int port = FreePort.udp();
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        PeerProcess relay =
            PeerProcess.start(
                "srt-live-transmit",
                "srt://127.0.0.1:%d?mode=listener".formatted(port),
                "udp://127.0.0.1:%d".formatted(socket.getLocalPort()));
        PeerProcess ffmpeg =
            PeerProcess.ffmpeg(Encodes.playTs(clip, "srt://127.0.0.1:%d".formatted(port)))) {
      socket.setSoTimeout(PATIENCE_MS);
      while (sent.size() < ContainerFuzzTest.SEED_BYTES) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        sent.write(packet.getData(), 0, packet.getLength());
      }
      assertThat(ContainerFuzzTest.writeSeed("mpegts", sent.toByteArray()))
          .as(() -> relay.output() + ffmpeg.output())
          .isPositive();
    }
  }
}
