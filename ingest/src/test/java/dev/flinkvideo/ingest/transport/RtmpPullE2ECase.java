package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.NginxRtmp;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** We fetch from nginx what ffmpeg publishes there, and each of the two leaves in its ways. */
@RequiresPeer({"ffmpeg", "nginx"})
class RtmpPullE2ECase {
  private static final Deadlines DEADLINES =
      new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(1));

  @TempDir Path directory;

  private NginxRtmp nginx;

  @BeforeEach
  void startServer() throws IOException {
    nginx = new NginxRtmp(directory);
  }

  @AfterEach
  void stopServer() throws IOException {
    nginx.close();
  }

  @Test
  void shouldGiveEachAccessUnitOnceAndInOrder() throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), "libx264 -bf 2");
    // The server keeps idle players, so we can be there before the first picture.
    String url = nginx.url("idle", "one");
    try (Reading reading = new Reading(RtmpPull.of(url, DEADLINES))) {
      await().atMost(Duration.ofSeconds(20)).until(nginx::hasPlayer);
      try (PeerProcess ffmpeg =
          PeerProcess.ffmpeg("-re -i %s -c copy -f flv %s".formatted(file, url))) {
        Ending ending = reading.awaitEnding();

        assertThat(reading.recording().hashes()).isEqualTo(Encodes.hashes(file));
        assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.STALLED);
        assertThat(ffmpeg.await()).isZero();
      }
    }
  }

  @Test
  void shouldJoinAtAKeyFrame() throws Exception {
    try (PeerProcess ffmpeg = publish();
        Reading reading = join()) {
      reading.awaitUnits(60);
      ffmpeg.terminate();
      reading.awaitEnding();

      List<Long> sent = Encodes.hashes(Clips.PERSON.path());
      List<Long> came = reading.recording().hashes();
      int start = sent.indexOf(came.get(0));
      assertThat(reading.recording().units().get(0).unit().key()).isTrue();
      assertThat(came).isEqualTo(sent.subList(start, start + came.size()));
    }
  }

  /** The server hangs up on its players alike, whether a publisher said goodbye or died. */
  @ParameterizedTest
  @EnumSource
  void shouldSayLostWhenThePublisherLeavesAndTheServerHangsUp(Leaving leaving) throws Exception {
    try (PeerProcess ffmpeg = publish("live");
        Reading reading = join("live")) {
      reading.awaitUnits(10);
      leaving.of(ffmpeg);
      Instant left = Instant.now();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
      assertThat(reading.endedAfter(left)).isLessThan(Recording.GRACE);
    }
  }

  /** Likewise; but that the stream is over the server says itself. */
  @ParameterizedTest
  @EnumSource
  void shouldSayClosedWhenThePublisherLeavesAndTheServerSaysSo(Leaving leaving) throws Exception {
    try (PeerProcess ffmpeg = publish("told");
        Reading reading = join("told")) {
      reading.awaitUnits(10);
      leaving.of(ffmpeg);
      Instant left = Instant.now();

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.CLOSED, "the peer ended the stream"));
      assertThat(reading.endedAfter(left)).isLessThan(Recording.GRACE);
    }
  }

  @Test
  void shouldSayStalledWhenThePublisherFallsSilent() throws Exception {
    try (PeerProcess ffmpeg = publish();
        Reading reading = join()) {
      reading.awaitUnits(10);
      ffmpeg.freeze();

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.STALLED, "no picture for 1000 ms"));
      assertThat(reading.silence())
          .isBetween(DEADLINES.nextUnit(), DEADLINES.nextUnit().plus(Recording.GRACE));
    }
  }

  @Test
  void shouldSayStalledWhenTheServerFallsSilent() throws Exception {
    try (PeerProcess ffmpeg = publish();
        Reading reading = join()) {
      reading.awaitUnits(10);
      nginx.process().freeze();

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.STALLED, "no picture for 1000 ms"));
      assertThat(reading.silence())
          .isBetween(DEADLINES.nextUnit(), DEADLINES.nextUnit().plus(Recording.GRACE));
      ffmpeg.kill();
    }
  }

  @Test
  void shouldSayLostWhenTheServerIsKilled() throws Exception {
    try (PeerProcess ffmpeg = publish();
        Reading reading = join()) {
      reading.awaitUnits(10);
      nginx.process().kill();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
      assertThat(reading.silence()).isLessThan(Recording.GRACE);
      ffmpeg.kill();
    }
  }

  @Test
  void shouldSayClosedWhenWeAreToldToStop() throws Exception {
    try (PeerProcess ffmpeg = publish()) {
      LiveTransport pull = RtmpPull.of(nginx.url("live", "clip"), DEADLINES);
      try (Reading reading = new Reading(pull)) {
        reading.awaitUnits(10);
        pull.stop();

        assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.CLOSED);
      }
      ffmpeg.kill();
    }
  }

  @Test
  void shouldSayRefusedWhenNobodyPublishes() throws Exception {
    try (Reading reading = join()) {
      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.REFUSED);
      assertThat(reading.recording().isOpened()).isFalse();
    }
  }

  @Test
  void shouldSayRefusedWhenNobodyListens() throws Exception {
    String url = "rtmp://127.0.0.1:%d/live/clip".formatted(FreePort.tcp());
    try (Reading reading = new Reading(RtmpPull.of(url, DEADLINES))) {
      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.REFUSED);
    }
  }

  @Test
  void shouldSayLostWhenTheServerDoesNotAnswer() throws Exception {
    nginx.process().freeze();
    Duration second = Duration.ofSeconds(1);
    Deadlines deadlines = new Deadlines(second, second.multipliedBy(2), second);
    String url = nginx.url("live", "clip");
    try (Reading reading = new Reading(RtmpPull.of(url, deadlines))) {
      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.LOST, "no answer within 3000 ms"));
    }
  }

  /** In which way a publisher goes. */
  enum Leaving {
    TERMINATED {
      @Override
      void of(PeerProcess publisher) {
        publisher.terminate();
      }
    },
    KILLED {
      @Override
      void of(PeerProcess publisher) {
        publisher.kill();
      }
    };

    abstract void of(PeerProcess publisher);
  }

  private PeerProcess publish() throws IOException {
    return publish("live");
  }

  private PeerProcess publish(String application) throws IOException {
    PeerProcess ffmpeg =
        PeerProcess.ffmpeg(
            "-re -i %s -c copy -f flv %s"
                .formatted(Clips.PERSON.path(), nginx.url(application, "clip")));
    await().atMost(Duration.ofSeconds(20)).until(nginx::hasPublisher);
    return ffmpeg;
  }

  private Reading join() {
    return join("live");
  }

  private Reading join(String application) {
    return new Reading(RtmpPull.of(nginx.url(application, "clip"), DEADLINES));
  }
}
