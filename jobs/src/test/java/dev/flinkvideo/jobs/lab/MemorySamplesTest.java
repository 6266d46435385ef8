package dev.flinkvideo.jobs.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemorySamplesTest {
  private static final List<double[]> FLAT =
      List.of(new double[] {0, 100}, new double[] {10, 100.1}, new double[] {20, 100});

  @Test
  void shouldPassIfThereIsNoSignOfGrowth() {
    assertThat(MemorySamples.checks("heap", FLAT)).hasSize(2).allMatch(Check::passed);
  }

  @Test
  void shouldNotPassWithoutSamplesToTellFrom() {
    assertThat(MemorySamples.checks("heap", FLAT.subList(0, 2)))
        .extracting(Check::passed)
        .containsExactly(false, true);
    assertThat(MemorySamples.checks("heap", List.of())).noneMatch(Check::passed);
  }

  @Test
  void shouldNotPassIfItGrows() {
    List<double[]> growing =
        List.of(
            new double[] {0, 100},
            new double[] {10, 102},
            new double[] {20, 104},
            new double[] {30, 106.1});

    assertThat(MemorySamples.checks("heap", growing)).noneMatch(Check::passed);
  }
}
