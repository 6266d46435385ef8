package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.Timing;
import org.junit.jupiter.api.Test;

class DecodingMeterTest {
  private final DecodingMeter meter = new DecodingMeter(/* nowUs= */ 1_000_000);

  @Test
  void shouldTellPercentilesOfWhatCameSinceItToldLast() {
    picture(9_000_000);
    meter.take(Fidelity.ALL, 2_000_000);
    for (int ms = 100; ms >= 1; ms--) {
      picture(ms * 1_000);
    }
    Timing newest = picture(50_000);

    Decoding told = meter.take(Fidelity.REFERENCE, 7_000_000);

    assertThat(told)
        .isEqualTo(new Decoding(Fidelity.REFERENCE, 101, 5_000, 50L, 99L, newest, 7_000));
  }

  @Test
  void shouldTellThatThereWasNoPicture() {
    assertThat(meter.take(Fidelity.NONE, 6_000_000))
        .isEqualTo(new Decoding(Fidelity.NONE, 0, 5_000, null, null, null, 6_000));
  }

  @Test
  void shouldCountAllAndMeasureTheNewest() {
    for (int i = 0; i < 300; i++) {
      picture(i < 44 ? 1_000_000 : 10_000);
    }

    Decoding told = meter.take(Fidelity.ALL, 6_000_000);

    assertThat(told.pictures()).isEqualTo(300);
    assertThat(told.latencyP99Ms()).isEqualTo(10);
  }

  @Test
  void shouldBeDueAnIntervalAfterItToldLast() {
    assertThat(meter.isDue(5_000_000, 5_999_999)).isFalse();
    assertThat(meter.isDue(5_000_000, 6_000_000)).isTrue();
    meter.take(Fidelity.ALL, 6_000_000);
    assertThat(meter.isDue(5_000_000, 6_000_001)).isFalse();
  }

  /** Of a producer that does not stamp arrival. */
  private Timing picture(long latencyUs) {
    Timing timing = new Timing(null, 1_000, 1_000, 1_000, 1_000, 1_000 + latencyUs);
    meter.picture(timing);
    return timing;
  }
}
