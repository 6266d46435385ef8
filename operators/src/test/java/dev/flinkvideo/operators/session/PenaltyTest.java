package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** By default: 1 s doubling to 30 s, give or take 20 %; five breaks in ten minutes are too many. */
class PenaltyTest {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final SessionPolicy POLICY = SessionOptions.policy(new Configuration());
  private static final long[] PLAIN_WAITS_MS = {1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000};

  private final Penalty penalty = new Penalty();

  @Test
  void shouldWaitTwiceAsLongWithEachFailureWithinItsJitterAndItsMaximum() {
    for (int session = 0; session < 1_000; session++) {
      Penalty each = new Penalty();
      for (long plainMs : PLAIN_WAITS_MS) {
        each.fail("s" + session, "truck", /* lasting= */ false, POLICY.backoff(), NOW_MS);
        assertThat(each.retryMs - NOW_MS).isBetween(plainMs * 8 / 10, plainMs * 12 / 10);
      }
    }
  }

  /** A thousand sessions of one server that went down do not call it in one moment. */
  @Test
  void shouldSpreadTheWaitsOfSessionsOverTheWholeJitterAlikeInEveryRun() {
    int[] tenths = new int[10]; // of 800 to 1200 ms
    for (int i = 0; i < 1_000; i++) {
      long waitMs = POLICY.backoff().waitMs("s" + i, "truck", 1);
      tenths[(int) Math.min(9, (waitMs - 800) / 40)]++;
    }

    assertThat(tenths)
        .satisfies(counts -> Arrays.stream(counts).forEach(n -> assertThat(n).isBetween(60, 140)));
    assertThat(POLICY.backoff().waitMs("lobby", "truck", 1)).as("in every run").isEqualTo(994);
  }

  @Test
  void shouldBeginAnewOnceItsFailuresAreForgiven() {
    fail(5);
    penalty.forgiveFailures();
    fail(1);

    assertThat(penalty.retryMs - NOW_MS).isBetween(800L, 1_200L);
  }

  @Test
  void shouldWaitLongestAtOnceWhereTheAnswerWillNotChange() {
    penalty.fail("lobby", "truck", /* lasting= */ true, POLICY.backoff(), NOW_MS);

    assertThat(penalty.retryMs - NOW_MS).isBetween(24_000L, 36_000L);
    assertThat(penalty.isWaiting(penalty.retryMs - 1)).isTrue();
    assertThat(penalty.isWaiting(penalty.retryMs)).isFalse();
  }

  @Test
  void shouldQuarantineWhatBreaksTooOftenInTheWindow() {
    for (int i = 0; i < 4; i++) {
      assertThat(penalty.flap(POLICY, NOW_MS + i * 1_000)).isFalse();
    }
    long fifthMs = NOW_MS + POLICY.quarantineWindowMs() - 1;
    assertThat(penalty.flap(POLICY, fifthMs)).isTrue();

    assertThat(penalty.isQuarantined(fifthMs + POLICY.quarantineMs() - 1)).isTrue();
    assertThat(penalty.isQuarantined(fifthMs + POLICY.quarantineMs())).isFalse();
    assertThat(penalty.flap(POLICY, fifthMs + 1)).as("counted anew").isFalse();
  }

  @Test
  void shouldNotCountABreakThatIsOlderThanTheWindow() {
    for (int i = 0; i < 4; i++) {
      penalty.flap(POLICY, NOW_MS);
    }

    assertThat(penalty.flap(POLICY, NOW_MS + POLICY.quarantineWindowMs())).isFalse();
    assertThat(penalty.flapsMs).hasSize(1);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      penalty.fail("lobby", "truck", /* lasting= */ false, POLICY.backoff(), NOW_MS);
    }
  }
}
