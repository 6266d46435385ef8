package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuspensionGuardTest {
  private static final int PER_SECOND = 4;
  private static final long SECOND_US = 1_000_000;

  private final SuspensionGuard guard = new SuspensionGuard(PER_SECOND);
  private long nowUs = 1_000 * SECOND_US;

  @Test
  void shouldLetSoManyPassAtOnceAndThenOneAfterEachShare() {
    assertThat(passing()).isEqualTo(PER_SECOND);
    nowUs += SECOND_US / PER_SECOND - 1;
    assertThat(passing()).isZero();
    nowUs += 2;
    assertThat(passing()).isEqualTo(1);
    nowUs += SECOND_US / 2 + 1;
    assertThat(passing()).isEqualTo(2);
  }

  @Test
  void shouldLetNoMorePassAtOnceAfterARest() {
    passing();
    nowUs += 3_600 * SECOND_US;
    assertThat(passing()).isEqualTo(PER_SECOND);
  }

  @Test
  void shouldLetNonePassIfThatIsTheBound() {
    assertThat(new SuspensionGuard(0).tryAcquire(nowUs)).isFalse();
  }

  /** How many may be closed at this moment. */
  private int passing() {
    int count = 0;
    while (guard.tryAcquire(nowUs)) {
      count++;
    }
    return count;
  }
}
