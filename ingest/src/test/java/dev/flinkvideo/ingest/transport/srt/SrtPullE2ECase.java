package dev.flinkvideo.ingest.transport.srt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.peers.FreePort;
import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Encodes;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.Reading;
import dev.flinkvideo.ingest.transport.Recording;
import dev.flinkvideo.ingest.transport.SrtByFfmpeg;
import dev.flinkvideo.ingest.transport.SrtOptions;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** We call ffmpeg, which listens, by libsrt and by libavformat. */
@RequiresPeer("ffmpeg")
class SrtPullE2ECase {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Deadlines DEADLINES =
      new Deadlines(SECOND.multipliedBy(10), SECOND.multipliedBy(5), SECOND);

  /** What is under way comes after its latency, then silence is waited out. */
  private static final Duration STALLED_WITHIN =
      DEADLINES.nextUnit().plus(SrtOptions.DEFAULT_LATENCY).plus(Recording.GRACE);

  /** libsrt gives nobody up before the 17th of its timers of 300 ms, whatever it is told. */
  private static final Duration LOST_WITHIN =
      Duration.ofMillis(17 * 300).plus(SrtOptions.DEFAULT_LATENCY).plus(Recording.GRACE);

  private static final String SECRET = "a-pass-phrase";

  @TempDir Path directory;

  /** Which of the two libraries calls. */
  private enum By {
    LIBSRT {
      @Override
      Reading call(int port, SrtOptions options, Deadlines deadlines) {
        return new Reading(SrtPull.of("127.0.0.1", port, options, deadlines));
      }
    },
    FFMPEG {
      @Override
      Reading call(int port, SrtOptions options, Deadlines deadlines) {
        return new Reading(SrtByFfmpeg.call("127.0.0.1", port, options, deadlines));
      }
    };

    abstract Reading call(int port, SrtOptions options, Deadlines deadlines);

    Reading call(int port, SrtOptions options) {
      return call(port, options, DEADLINES);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveEachAccessUnitOnceAndInOrder(By by) throws Exception {
    Path file = Encodes.make(directory.resolve("clip.mp4"), "libx264 -bf 2");
    int port = FreePort.udp();
    try (PeerProcess ffmpeg = serve(file, port, SECRET);
        Reading reading = by.call(port, options(SECRET))) {
      Ending ending = reading.awaitEnding();

      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(reading.recording().hashes()).isEqualTo(Encodes.hashes(file));
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayStalledWhenTheListenerFallsSilent(By by) throws Exception {
    int port = FreePort.udp();
    try (PeerProcess ffmpeg = serve(Clips.PERSON.path(), port, SECRET);
        Reading reading = by.call(port, options(SECRET))) {
      reading.awaitUnits(10);
      ffmpeg.freeze();
      Instant frozen = Instant.now();

      assertThat(reading.awaitEnding())
          .isEqualTo(new Ending(EndReason.STALLED, "no picture for 1000 ms"));
      assertThat(reading.endedAfter(frozen)).isLessThan(STALLED_WITHIN);
    }
  }

  @Test
  void shouldSayLostWhenTheListenerIsKilled() throws Exception {
    int port = FreePort.udp();
    Deadlines patient = new Deadlines(SECOND.multipliedBy(10), SECOND, SECOND.multipliedBy(20));
    try (PeerProcess ffmpeg = serve(Clips.PERSON.path(), port, SECRET);
        Reading reading = By.LIBSRT.call(port, options(SECRET), patient)) {
      reading.awaitUnits(10);
      ffmpeg.kill();
      Instant killed = Instant.now();

      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
      assertThat(reading.endedAfter(killed)).isLessThan(LOST_WITHIN);
    }
  }

  @Test
  void shouldSayUnauthorisedForAWrongPassphrase() throws Exception {
    int port = FreePort.udp();
    try (PeerProcess ffmpeg = serve(Clips.CAR.path(), port, SECRET);
        Reading reading = By.LIBSRT.call(port, options("another-pass-phrase"))) {
      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.UNAUTHORISED);
      ffmpeg.kill();
    }
  }

  @Test
  void shouldSayRefusedForAWrongPassphraseWhereTheLibraryTellsNoMore() throws Exception {
    int port = FreePort.udp();
    try (PeerProcess ffmpeg = serve(Clips.CAR.path(), port, SECRET);
        Reading reading = By.FFMPEG.call(port, options("another-pass-phrase"))) {
      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.REFUSED);
      ffmpeg.kill();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayLostWhenNobodyListens(By by) throws Exception {
    Deadlines brief = new Deadlines(SECOND, SECOND, SECOND);
    try (Reading reading = by.call(FreePort.udp(), options(""), brief)) {
      assertThat(reading.awaitEnding().reason()).isEqualTo(EndReason.LOST);
    }
  }

  private static SrtOptions options(String passphrase) {
    return new SrtOptions("", passphrase, SrtOptions.DEFAULT_LATENCY);
  }

  private static PeerProcess serve(Path file, int port, String passphrase) throws IOException {
    String target = "-mode listener -passphrase %s srt://127.0.0.1:%d".formatted(passphrase, port);
    return PeerProcess.ffmpeg(Encodes.playTs(file, target));
  }
}
