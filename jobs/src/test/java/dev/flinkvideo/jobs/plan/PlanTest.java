package dev.flinkvideo.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Demand OF_THE_BENCHMARK = new Demand(100, 1280, 720, 25, 3980, 2);

  @Test
  void shouldGiveBackWhatItWasSolvedFrom() {
    Demand larger = new Demand(1, 1920, 1080, 25, 5980, 2);

    assertThat(Plan.of(OF_THE_BENCHMARK, 4).cpuMsPerFrame())
        .isCloseTo(2.976 * Plan.WHOLE_JOB, within(0.02));
    assertThat(Plan.of(larger, 4).cpuMsPerFrame()).isCloseTo(5.495 * Plan.WHOLE_JOB, within(0.02));
  }

  @Test
  void shouldComeNearWhatTheFootageCosts() {
    Demand car = new Demand(1, 768, 432, 12.5, 615, 5);
    Demand bottle = new Demand(1, 640, 360, 30, 98, 8);

    assertThat(Plan.of(car, 4).cpuMsPerFrame() / Plan.WHOLE_JOB)
        .isCloseTo(0.58 * 1.31, within(0.3));
    assertThat(Plan.of(bottle, 4).cpuMsPerFrame() / Plan.WHOLE_JOB)
        .isCloseTo(0.29 * 1.51, within(0.3));
  }

  @Test
  void shouldGrowFromSessionsToSlotsToTaskManagers() {
    Plan plan = Plan.of(OF_THE_BENCHMARK, 4);

    assertThat(plan.sessionsPerSlot()).isCloseTo(9.2, within(0.1));
    assertThat(plan.slots()).isEqualTo(11);
    assertThat(plan.taskManagers()).isEqualTo(3);
    assertThat(plan.partitions()).isEqualTo(11);
    assertThat(plan.gateways()).isOne();
    assertThat(plan.topicBytesPerSecond()).isEqualTo(49_750_000);
    assertThat(plan.needsMaxParallelism()).isFalse();
    assertThat(plan.arithmetic()).contains("100 sessions / 9.2 = 11", "= 3.69 ms");
  }

  @Test
  void shouldKnowWhenFlinkMustBeToldOfMoreSubtasks() {
    Plan plan = Plan.of(new Demand(100_000, 1280, 720, 25, 2000, 2), 8);

    assertThat(plan.slots()).isGreaterThan(5_000);
    assertThat(plan.needsMaxParallelism()).isTrue();
  }

  @Test
  void shouldRefuseWhatIsNoVideo() {
    assertThatThrownBy(() -> new Demand(1, 1280, 720, 0, 2000, 2))
        .hasMessageContaining("fps=0.0")
        .hasMessageContaining("more than 0");
  }
}
