package dev.flinkvideo.operators.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTimeTest {
  private static final long SECOND = 1_000_000_000L;

  private final SessionTime time = new SessionTime(10 * SECOND);

  @Test
  void shouldConvertExactlyForAnyTimeBase() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      int numerator = 1 + random.nextInt(2000);
      int denominator = 1 + random.nextInt(Integer.MAX_VALUE - 1);
      long ticks = random.nextLong() % 1_000_000_000_000L;
      BigInteger exact =
          new BigDecimal(BigInteger.valueOf(ticks).multiply(BigInteger.valueOf(numerator)))
              .multiply(BigDecimal.valueOf(SECOND))
              .divide(BigDecimal.valueOf(denominator), 0, RoundingMode.FLOOR)
              .toBigInteger();
      if (exact.bitLength() > 62) {
        continue;
      }
      assertThat(TimeBase.toNs(ticks, numerator, denominator))
          .isBetween(exact.longValue(), exact.longValue() + 1);
    }
    assertThat(TimeBase.toNs(1, 1001, 30_000)).isEqualTo(33_366_667);
    assertThat(TimeBase.toNs(-1, 1, 3)).isEqualTo(-333_333_333);
    assertThat(TimeBase.toNs(1L << 33, 1, 90_000)).isEqualTo(95_443_717_688_889L);
  }

  @Test
  void shouldRefuseTimesThatNoClockShows() {
    assertThatThrownBy(() -> TimeBase.toNs(Long.MAX_VALUE, 1, 1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void shouldBeginAtZeroWhateverTheSourceSays() {
    assertThat(time.at(5000 * SECOND, 1_000)).isZero();
    assertThat(time.at(5000 * SECOND + 40_000_000, 41_000)).isEqualTo(40_000_000);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldRebaseASourceThatRestartsAtZero() {
    time.at(100 * SECOND, 0);
    time.at(101 * SECOND, 1_000_000);
    assertThat(time.at(0, 2_000_000)).isEqualTo(2 * SECOND);
    assertThat(time.at(SECOND / 2, 2_500_000)).isEqualTo(2 * SECOND + SECOND / 2);
    assertThat(time.rebases()).isEqualTo(1);
    assertThat(time.lastJumpNs()).isEqualTo(-101 * SECOND);
  }

  @Test
  void shouldRebaseAJumpThatArrivalTimesDoNotShow() {
    time.at(0, 0);
    time.at(SECOND, 1_000_000);
    assertThat(time.at(3600 * SECOND, 2_000_000)).isEqualTo(2 * SECOND);
    assertThat(time.rebases()).isEqualTo(1);
  }

  @Test
  void shouldFollowAPauseThatArrivalTimesShowToo() {
    time.at(0, 0);
    assertThat(time.at(60 * SECOND, 60_000_000)).isEqualTo(60 * SECOND);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldPutANewConnectionAsFarBehindAsItArrivedLater() {
    time.at(0, 0);
    time.at(SECOND, 1_000_000);
    time.newConnection();
    assertThat(time.at(777 * SECOND, 4_000_000)).isEqualTo(4 * SECOND);
    assertThat(time.at(778 * SECOND, 5_000_000)).isEqualTo(5 * SECOND);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldRiseStrictlyOverAnyInput() {
    Random random = new Random(42);
    long last = -1;
    for (int i = 0; i < 10_000; i++) {
      if (random.nextInt(50) == 0) {
        time.newConnection();
      }
      long now = time.at(random.nextLong() >> random.nextInt(40), random.nextInt(1_000_000_000));
      assertThat(now).isGreaterThan(last);
      last = now;
    }
  }
}
