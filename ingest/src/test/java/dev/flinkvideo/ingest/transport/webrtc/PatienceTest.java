package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Deadlines DEADLINES =
      new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(3));

  private final Patience patience = new Patience(DEADLINES, 0);

  @Test
  void shouldWaitAsLongAsPicturesCome() {
    for (int second = 1; second < 100; second++) {
      patience.came(second, 0, seconds(second));

      assertThat(ending(second + 2, second)).isNull();
    }
  }

  @Test
  void shouldSayLostWhenNothingComesAnyMore() {
    patience.came(1, 0, seconds(1));

    assertThat(ending(4, 1).reason()).isEqualTo(EndReason.LOST);
  }

  @Test
  void shouldSayStalledWhenOnlyPicturesStop() {
    patience.came(1, 0, seconds(1));

    assertThat(ending(4, 4)).isEqualTo(new Ending(EndReason.STALLED, "no picture for 3000 ms"));
  }

  @Test
  void shouldWaitLongerForAKeyFrameThanForAPicture() {
    patience.came(1, 0, seconds(1));
    patience.came(1, 5, seconds(3));

    assertThat(ending(5, 5)).isNull();
    assertThat(ending(11, 11))
        .isEqualTo(new Ending(EndReason.STALLED, "no key frame for 10000 ms"));
  }

  @Test
  void shouldSayThatThereIsNoVideo() {
    assertThat(patience.ending(seconds(9), seconds(9), true)).isNull();
    assertThat(patience.ending(seconds(10), seconds(10), true).reason())
        .isEqualTo(EndReason.NO_VIDEO);
  }

  private Ending ending(int nowSeconds, int heardSeconds) {
    return patience.ending(seconds(nowSeconds), seconds(heardSeconds), false);
  }

  private static long seconds(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
