package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GStreamer's webrtcbin, by way of {@code whip_gstreamer.py}: Debian has no whipsink. */
@RequiresPeer({"ffmpeg", "/usr/lib/python3/dist-packages/gi/overrides/Gst.py"})
class WhipGstreamerE2ECase {
  static final String STREAM = "live/one";
  private static final Path SCRIPT = Path.of("src/test/resources/peers/whip_gstreamer.py");
  private static final int LOSSY_PACKETS = 150;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "h264, clip.mp4, libx264 -preset ultrafast -bf 0 -profile:v baseline",
    "vp8, clip.mkv, libvpx -deadline realtime"
  })
  void shouldGiveEachAccessUnitOnceAndInOrder(String codec, String name, String encoder)
      throws Exception {
    Path clip = Encodes.make(directory.resolve(name), encoder);
    try (WhipTestServer server = server(new Loss(0, 0));
        PeerProcess gstreamer = publish(server, clip, codec)) {
      Ending ending = server.publishers.awaitEnding(STREAM);

      Recording recording = server.publishers.recording(STREAM);
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(recording.formats()).extracting(format -> format.codec()).containsExactly(codec);
      assertThat(recording.hashes()).isEqualTo(Encodes.hashes(clip));
      assertThat(gstreamer.await()).as(gstreamer::output).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2})
  void shouldRepairLossByRetransmission(double loss) throws Exception {
    Path clip = clip();
    try (WhipTestServer server = server(new Loss(loss, LOSSY_PACKETS));
        PeerProcess gstreamer = publish(server, clip, "h264")) {
      Ending ending = server.publishers.awaitEnding(STREAM);

      LinkStatistics link = server.publishers.transport(STREAM).statistics().link().orElseThrow();
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(link.lost()).isPositive();
      assertThat(server.publishers.recording(STREAM).hashes())
          .as(link::toString)
          .isEqualTo(Encodes.hashes(clip));
      assertThat(gstreamer.await()).as(gstreamer::output).isZero();
    }
  }

  @Test
  void shouldSayClosedWhenThePublisherEndsOnAWish() throws Exception {
    try (WhipTestServer server = server(new Loss(0, 0));
        PeerProcess gstreamer = publish(server, clip(), "h264")) {
      server.publishers.awaitUnits(STREAM, 10);
      gstreamer.terminate();

      assertThat(server.publishers.awaitEnding(STREAM))
          .isEqualTo(new Ending(EndReason.CLOSED, "the publisher deleted its session"));
    }
  }

  @Test
  void shouldSayLostWhenThePublisherIsKilled() throws Exception {
    try (WhipTestServer server = server(new Loss(0, 0));
        PeerProcess gstreamer = publish(server, clip(), "h264")) {
      server.publishers.awaitUnits(STREAM, 10);
      gstreamer.kill();

      server.assertLostInTime(STREAM);
    }
  }

  @Test
  void shouldSayLostWhenThePublisherFallsSilent() throws Exception {
    try (WhipTestServer server = server(new Loss(0, 0));
        PeerProcess gstreamer = publish(server, clip(), "h264")) {
      server.publishers.awaitUnits(STREAM, 10);
      gstreamer.freeze();

      server.assertLostInTime(STREAM);
    }
  }

  /** Not on loopback, to which libnice sends nothing. */
  static WhipTestServer server(Predicate<byte[]> arrives) throws Exception {
    InetAddress address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
            .findFirst()
            .orElseThrow();
    return new WhipTestServer(arrives, address);
  }

  /** H.264 without B-frames, which WebRTC does not know. */
  private Path clip() throws Exception {
    return Encodes.make(
        directory.resolve("clip.mp4"), "libx264 -preset ultrafast -bf 0 -profile:v baseline");
  }

  static PeerProcess publish(WhipTestServer server, Path clip, String codec) throws IOException {
    return PeerProcess.start(
        "/usr/bin/python3",
        SCRIPT.toString(),
        server.url("/whip/" + STREAM).toString(),
        WhipTestServer.TOKEN,
        clip.toString(),
        codec);
  }
}
