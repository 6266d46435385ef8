package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.Reading;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** aiortc, behind a WHEP server in {@code whep_server.py}. */
@RequiresPeer("/usr/lib/python3/dist-packages/aiortc")
class WhepPullE2ECase {
  private static final String TOKEN = "sesame";
  private static final Path SERVER = Path.of("src/test/resources/peers/whep_server.py");
  private static final DtlsIdentity IDENTITY = DtlsIdentity.create();

  private static final Duration SILENCE = WhipTestServer.DEADLINES.nextUnit();

  @TempDir Path directory;

  private int port;
  private PeerProcess server;

  @BeforeEach
  void start() throws IOException {
    serve();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void shouldGiveEachAccessUnitOnceAndInOrder() throws Exception {
    Path clip =
        Encodes.make(
            directory.resolve("clip.ts"),
            "libx264 -preset ultrafast -bf 0 -profile:v baseline -x264-params log-level=error");
    List<Long> sent = Encodes.hashes(clip);
    server.close();
    serve(clip.toString());
    try (Reading reading = new Reading(pull(TOKEN))) {
      reading.awaitUnits(sent.size());
      server.terminate();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.CLOSED);
      assertThat(reading.recording().hashes()).isEqualTo(sent);
    }
  }

  @Test
  void shouldPullPicturesAndSayGoodbye() throws Exception {
    WhepPull pull = pull(TOKEN);
    try (Reading reading = new Reading(pull)) {
      reading.awaitUnits(40);
      pull.stop();

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.CLOSED, "we were told to close it"));
      List<LiveUnit> units = reading.recording().units();
      assertThat(units.get(0).unit().key()).isTrue();
      assertThat(units).extracting(unit -> unit.unit().pts()).isSorted().doesNotHaveDuplicates();
      awaitOutput("DELETE");
    }
  }

  @Test
  void shouldSayLostWhenTheServerIsKilled() throws Exception {
    try (Reading reading = new Reading(pull(TOKEN))) {
      reading.awaitUnits(10);
      server.kill();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
      assertThat(reading.silence())
          .isBetween(SILENCE.minus(Recording.GRACE), SILENCE.plus(Recording.GRACE));
    }
  }

  @Test
  void shouldSayLostWhenTheServerFallsSilent() throws Exception {
    try (Reading reading = new Reading(pull(TOKEN))) {
      reading.awaitUnits(10);
      server.freeze();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
      assertThat(reading.silence())
          .isBetween(SILENCE.minus(Recording.GRACE), SILENCE.plus(Recording.GRACE));
    }
  }

  @Test
  void shouldSayClosedWhenTheServerEnds() throws Exception {
    try (Reading reading = new Reading(pull(TOKEN))) {
      reading.awaitUnits(10);
      server.terminate();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.CLOSED);
    }
  }

  @Test
  void shouldSayUnauthorisedWhenTheTokenIsWrong() throws Exception {
    try (Reading reading = new Reading(pull("wrong"))) {
      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.UNAUTHORISED, "the server answered status=401"));
    }
  }

  @Test
  void shouldSayLostWhenNobodyIsThere() throws Exception {
    server.kill();
    server.await();

    try (Reading reading = new Reading(pull(TOKEN))) {
      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
    }
  }

  private void serve(String... clip) throws IOException {
    port = FreePort.tcp();
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", SERVER.toString()));
    command.addAll(List.of(Integer.toString(port), TOKEN));
    command.addAll(List.of(clip));
    server = PeerProcess.start(command.toArray(String[]::new));
    awaitOutput("ready");
  }

  private WhepPull pull(String token) {
    return new WhepPull(
        URI.create("http://127.0.0.1:%d/whep".formatted(port)),
        token,
        IDENTITY,
        2_000_000,
        WhipTestServer.DEADLINES);
  }

  private void awaitOutput(String line) {
    await().atMost(Duration.ofSeconds(30)).until(() -> server.output().contains(line));
  }
}
