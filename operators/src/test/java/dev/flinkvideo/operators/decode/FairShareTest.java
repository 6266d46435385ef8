package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairShareTest {
  @Test
  void shouldNotLimitAnybodyWhileThereIsEnough() {
    assertThat(FairShare.of(new double[] {0.3, 0.2, 0.1}, 0.85)).isInfinite();
    assertThat(FairShare.of(new double[0], 0.85)).isInfinite();
  }

  @Test
  void shouldLimitOnlyTheOneThatWantsMuch() {
    assertThat(FairShare.of(new double[] {0.1, 2.0, 0.1}, 0.8)).isEqualTo(0.6, within(1e-9));
  }

  @Test
  void shouldDivideEvenlyAmongEquals() {
    assertThat(FairShare.of(new double[] {1, 1, 1, 1}, 0.8)).isEqualTo(0.2, within(1e-9));
  }

  @Test
  void shouldUseExactlyWhatThereIsWheneverItIsShort() {
    Random random = new Random(11);
    for (int round = 0; round < 1_000; round++) {
      double[] demands = random.doubles(1 + random.nextInt(20), 0, 1).toArray();
      double share = FairShare.of(demands, 0.85);
      double used = Arrays.stream(demands).map(d -> Math.min(d, share)).sum();
      assertThat(used).isEqualTo(Math.min(0.85, Arrays.stream(demands).sum()), within(1e-9));
    }
  }
}
