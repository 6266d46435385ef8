package dev.flinkvideo.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HappeningTest {
  @Test
  void shouldTellInOneLineWhatHappensAtOnce() {
    Happening black = new Happening(0, "faulty", "alarm raised", "black");
    Happening frozen = new Happening(100_000_000, "faulty", "alarm raised", "frozen");

    assertThat(black.with(frozen).map(Happening::text)).contains("alarm raised black, frozen");
  }

  @Test
  void shouldTellApartWhatIsNotAlike() {
    Happening black = new Happening(0, "faulty", "alarm raised", "black");

    assertThat(black.with(new Happening(0, "road", "alarm raised", "frozen"))).isEmpty();
    assertThat(black.with(new Happening(0, "faulty", "alarm cleared", "black"))).isEmpty();
    assertThat(black.with(new Happening(900_000_000, "faulty", "alarm raised", "black"))).isEmpty();
    Happening killed = new Happening(0, "roaming", "RTMP publisher killed", "");
    assertThat(killed.with(killed)).isEmpty();
  }

  @Test
  void shouldLeaveOutWhatNobodyNeedsToLookAt() {
    assertThat(told(Event.builder("s", EventKind.DECODED))).isEmpty();
    assertThat(told(Event.builder("s", EventKind.STREAMING))).isEmpty();
    assertThat(told(Event.builder("s", EventKind.STALLED))).contains("stalled");
    assertThat(told(Event.builder("s", EventKind.DROPPED).name(stale()).count(1))).isEmpty();
    assertThat(told(Event.builder("s", EventKind.ALARM_RAISED).name("cut").timeNs(9).sinceNs(9)))
        .as("a change of scene")
        .isEmpty();
    assertThat(told(Event.builder("s", EventKind.ALARM_RAISED).name("black").timeNs(9).sinceNs(1)))
        .contains("alarm raised black");
    assertThat(told(Event.builder("s", EventKind.SESSION_CHANGED).change("idle", "connecting", 1)))
        .isEmpty();
  }

  private static String stale() {
    return DropReason.STALE_CONNECTION.label();
  }

  private static Optional<String> told(Event.Builder event) {
    return Happening.of(event.build(1)).map(Happening::text);
  }
}
