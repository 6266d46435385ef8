package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.peers.UdpRelay;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.peers.RequiresPeer;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The WHIP muxer of the FFmpeg in our own natives; Debian's makes the clip. */
@RequiresPeer("ffmpeg")
class WhipFfmpegE2ECase {
  private static final int LOSSY_PACKETS = 150;
  private static final int REPEATED_PACKETS = 50;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "-whip_flags dtls_active"})
  void shouldGiveEachAccessUnitOnceAndInOrder(String role) throws Exception {
    Path clip = clip();
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg = publish(server, "-re -i " + clip, role)) {
      Ending ending = server.publishers.awaitEnding("live/one");

      Recording recording = server.publishers.recording("live/one");
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(recording.hashes()).isEqualTo(Encodes.hashes(clip));
      assertThat(recording.formats())
          .containsExactly(new StreamFormat("h264", new byte[0], 1, 90_000));
      assertThat(recording.units()).extracting(unit -> unit.unit().pts()).isSorted();
      assertThat(recording.units().stream().filter(unit -> unit.unit().key())).hasSize(3);
      assertThat(recording.units())
          .extracting(LiveUnit::captureClock)
          .containsOnly(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2})
  void shouldRepairLossByRetransmission(double loss) throws Exception {
    Path clip = clip();
    try (WhipTestServer server = new WhipTestServer(new Loss(loss, LOSSY_PACKETS));
        PeerProcess ffmpeg = publish(server, "-re -i " + clip, "")) {
      Ending ending = server.publishers.awaitEnding("live/one");

      LinkStatistics link = server.publishers.transport("live/one").statistics().link().get();
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(server.publishers.recording("live/one").hashes())
          .as(link::toString)
          .isEqualTo(Encodes.hashes(clip));
      assertThat(link.lost()).isPositive();
      assertThat(link.retransmitted()).isEqualTo(link.lost());
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
  }

  @Test
  void shouldSayLostWhenThePublisherIsKilled() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg = publish(server, "-re -stream_loop -1 -i " + clip(), "")) {
      server.publishers.awaitUnits("live/one", 10);
      ffmpeg.kill();

      server.assertLostInTime("live/one");
    }
  }

  @Test
  void shouldSayLostWhenThePublisherFallsSilent() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg = publish(server, "-re -stream_loop -1 -i " + clip(), "")) {
      server.publishers.awaitUnits("live/one", 10);
      ffmpeg.freeze();

      server.assertLostInTime("live/one");
    }
  }

  @Test
  void shouldRefuseWhatSomebodyWhoListensInSendsAgain() throws Exception {
    Path clip = clip();
    try (WhipTestServer server = new WhipTestServer(datagram -> true, UdpRelay.ADDRESS);
        UdpRelay relay = new UdpRelay(server.udpPort(), Loss::isRtp, REPEATED_PACKETS);
        PeerProcess ffmpeg = publish(server, "-re -i " + clip, "")) {
      Ending ending = server.publishers.awaitEnding("live/one");

      LinkStatistics link = server.publishers.transport("live/one").statistics().link().get();
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(relay.sentAgain()).isEqualTo(2 * REPEATED_PACKETS);
      assertThat(link.refused()).isEqualTo(relay.sentAgain());
      assertThat(link.lost()).isZero();
      assertThat(server.publishers.recording("live/one").hashes()).isEqualTo(Encodes.hashes(clip));
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
  }

  @Test
  void shouldSayClosedWhenThePublisherEndsOnAWish() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg = publish(server, "-re -stream_loop -1 -i " + clip(), "")) {
      server.publishers.awaitUnits("live/one", 10);
      ffmpeg.terminate();

      assertThat(server.publishers.awaitEnding("live/one").reason()).isEqualTo(EndReason.CLOSED);
    }
  }

  @Test
  void shouldEndWhenWeStopIt() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg = publish(server, "-re -stream_loop -1 -i " + clip(), "")) {
      server.publishers.awaitUnits("live/one", 10);
      server.publishers.transport("live/one").stop();

      assertThat(server.publishers.awaitEnding("live/one"))
          .isEqualTo(new Ending(EndReason.CLOSED, "we were told to close it"));
      ffmpeg.kill();
    }
  }

  @Test
  void shouldPassOverSoundAndCountIt() throws Exception {
    String inputs =
        "-re -stream_loop -1 -i %s -re -f lavfi -i sine=sample_rate=48000".formatted(clip());
    String sound = "-map 0:v -map 1:a -c:a libopus -ac 2";
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg = publish(server, inputs, sound)) {
      server.publishers.awaitUnits("live/one", 20);
      await()
          .untilAsserted(
              () ->
                  assertThat(server.publishers.transport("live/one").statistics().passedOver())
                      .isPositive());
      ffmpeg.terminate();
    }
  }

  @Test
  void shouldRefuseAWrongToken() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        PeerProcess ffmpeg =
            PeerProcess.newerFfmpeg(
                "-re -i %s -map 0:v -c copy -f whip -authorization wrong %s"
                    .formatted(clip(), server.url("/whip/live/one")))) {
      assertThat(ffmpeg.await()).isNotZero();
      assertThat(server.publishers.awaitRefusal().reason()).isEqualTo(EndReason.UNAUTHORISED);
    }
  }

  /** H.264 without B-frames, which WebRTC does not know. */
  private Path clip() throws Exception {
    return Encodes.make(
        directory.resolve("clip.mp4"), "libx264 -preset ultrafast -bf 0 -profile:v baseline");
  }

  private static PeerProcess publish(WhipTestServer server, String input, String options)
      throws Exception {
    String streams = options.contains("-map") ? "" : "-map 0:v";
    return PeerProcess.newerFfmpeg(
        "%s %s -c:v copy %s -f whip -authorization %s %s"
            .formatted(
                input, streams, options, WhipTestServer.TOKEN, server.url("/whip/live/one")));
  }
}
