package dev.flinkvideo.jobs.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void shouldFindTheSlopeOfALine() {
    Trend trend =
        Trend.of(
            List.of(new double[] {0, 100}, new double[] {1800, 101}, new double[] {3600, 102}));

    assertThat(trend.mean()).isEqualTo(101);
    assertThat(trend.perHour()).isCloseTo(2, within(1e-9));
    assertThat(trend.plusMinus()).isCloseTo(0, within(1e-9));
  }

  @Test
  void shouldBeSureOfALeakAndNotOfNoise() {
    Random random = new Random(3);
    List<double[]> flat = new ArrayList<>();
    List<double[]> leaking = new ArrayList<>();
    for (int second = 0; second < 600; second += 10) {
      double noise = random.nextGaussian();
      flat.add(new double[] {second, 1000 + noise});
      leaking.add(new double[] {second, 1000 + noise + second * 0.02}); // 72 in an hour
    }

    assertThat(Trend.of(flat).surePercentPerHour()).isLessThan(1);
    assertThat(Trend.of(leaking).surePercentPerHour()).isBetween(5.0, 7.2);
    assertThat(Trend.of(leaking).percentPerHour()).isCloseTo(7.2, within(1.0));
  }

  @Test
  void shouldNotTakeAWanderingMeasurementForALeak() {
    Random random = new Random(7);
    List<double[]> wandering = new ArrayList<>();
    double away = 0;
    for (int second = 0; second < 600; second += 10) {
      away = 0.95 * away + random.nextGaussian();
      wandering.add(new double[] {second, 1000 + away});
    }

    assertThat(Trend.of(wandering).surePercentPerHour()).isLessThan(1);
  }

  @Test
  void shouldKnowNothingWithTwoMeasurements() {
    Trend trend = Trend.of(List.of(new double[] {0, 1}, new double[] {10, 2}));

    assertThat(trend.plusMinus()).isInfinite();
    assertThat(trend.surePercentPerHour()).isNaN();
  }
}
