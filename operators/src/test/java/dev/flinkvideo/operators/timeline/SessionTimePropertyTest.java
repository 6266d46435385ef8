package dev.flinkvideo.operators.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random input; every generator has a fixed seed. */
class SessionTimePropertyTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX_JUMP_NS = 10 * SECOND;
  private static final Path GOLDEN = Path.of("src/test/resources/golden/v1/session-time.bin");

  @Test
  void shouldConvertExactlyForAnyTimeBase() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      TimeBase base =
          new TimeBase(1 + random.nextInt(2000), 1 + random.nextInt(Integer.MAX_VALUE - 1));
      long ticks = random.nextLong() >> random.nextInt(64);
      BigInteger units = BigInteger.valueOf(ticks).multiply(BigInteger.valueOf(base.numerator()));
      BigInteger denominator = BigInteger.valueOf(base.denominator());
      BigInteger doubled = units.multiply(BigInteger.valueOf(2 * SECOND)).add(denominator);
      BigInteger nearest = floor(doubled, denominator.shiftLeft(1));
      if (nearest.bitLength() > 62) {
        continue;
      }
      assertThat(TimeBase.toNs(ticks, base.numerator(), base.denominator()))
          .as("%d of %s", ticks, base)
          .isEqualTo(nearest.longValue());
    }
    assertThat(TimeBase.toNs(1, 1001, 30_000)).isEqualTo(33_366_667);
    assertThat(TimeBase.toNs(-1, 1, 3)).isEqualTo(-333_333_333);
    assertThat(TimeBase.toNs(1L << 33, 1, 90_000)).isEqualTo(95_443_717_688_889L);
  }

  @Test
  void shouldRefuseTimesThatNoClockShows() {
    assertThatThrownBy(() -> TimeBase.toNs(Long.MAX_VALUE, 1, 1))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new TimeBase(1, 0)).hasMessageContaining("time base 1/0");
  }

  @Test
  void shouldAddAndHalveExactly() {
    Random random = new Random(8);
    for (int i = 0; i < 10_000; i++) {
      ExactNs a = ExactNs.of(random.nextInt(), random.nextInt(), 1 + random.nextInt(40_000));
      ExactNs b = ExactNs.of(random.nextInt(), random.nextInt(), 1 + random.nextInt(40_000));
      assertThat(a.plus(b).minus(b)).isEqualTo(a);
      assertThat(a.half().plus(a.half())).isEqualTo(a);
      assertThat(a.plus(b).compareTo(a)).isEqualTo(b.compareTo(ExactNs.ZERO));
      assertThat(a.numerator()).isBetween(0, a.denominator() - 1);
    }
  }

  /** Two large primes: their product is no denominator that fits. */
  @Test
  void shouldRoundAFractionOnlyFarBelowTheNanosecond() {
    ExactNs a = ExactNs.of(5, 1, 2_147_483_647);
    ExactNs b = ExactNs.of(7, 2, 2_147_483_629);
    ExactNs back = a.plus(b).minus(b).minus(a);
    ExactNs error = back.compareTo(ExactNs.ZERO) < 0 ? ExactNs.ZERO.minus(back) : back;
    assertThat(error).isLessThan(ExactNs.of(0, 4, 1 << 30));
  }

  @Test
  void shouldRiseStrictlyOverAnyInput() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      SessionTime time = new SessionTime(MAX_JUMP_NS);
      long lastNs = -1;
      for (int i = 0; i < 10_000; i++) {
        long nowNs = anything(time, random);
        assertThat(nowNs).as("seed %d picture %d", seed, i).isGreaterThan(lastNs);
        lastNs = nowNs;
      }
    }
  }

  @Test
  void shouldNotDriftInADayOf2997() {
    TimeBase base = new TimeBase(1, 90_000);
    SessionTime time = new SessionTime(MAX_JUMP_NS);
    long pictures = 24 * 3600 * 30_000L / 1001;
    long worstThirdsNs = 0;
    for (long picture = 0; picture <= pictures; picture++) {
      long ns = time.at((12_345 + picture * 3_003) % (1L << 33), base, picture * 33_367);
      // 3,003 ticks are 1001 / 30,000 s, exactly
      worstThirdsNs = Math.max(worstThirdsNs, Math.abs(ns * 3 - picture * 100_100_000));
    }
    assertThat(worstThirdsNs).isEqualTo(1);
    assertThat(time.rebases()).isZero();
  }

  /** Ten thousand changes of source; where stamps are exact, so is the axis, whatever the bases. */
  @Test
  void shouldNotAddUpRoundingsOverChangesOfSource() {
    TimeBase[] bases = {
      new TimeBase(1, 90_000),
      new TimeBase(1, 30_000),
      new TimeBase(1001, 30_000),
      new TimeBase(1001, 30_000 * 7)
    };
    long[] ticksPerPicture = {3_003, 1_001, 1, 7};
    Random random = new Random(9);
    SessionTime time = new SessionTime(MAX_JUMP_NS);
    long picture = 0;
    int source = 0;
    long shift = 0;
    long worstThirdsNs = 0;
    for (int change = 0; change < 10_000; change++) {
      for (int i = 0; i < 5; i++, picture++) {
        long ns =
            time.at(shift + picture * ticksPerPicture[source], bases[source], picture * 33_367);
        worstThirdsNs = Math.max(worstThirdsNs, Math.abs(ns * 3 - picture * 100_100_000));
      }
      int next = random.nextInt(bases.length);
      long nextShift = random.nextInt(1_000_000_000);
      time.newConnection();
      for (long shown = picture - 3; shown < picture; shown++) {
        time.matched(
            shift + shown * ticksPerPicture[source],
            bases[source],
            nextShift + shown * ticksPerPicture[next],
            bases[next]);
      }
      source = next;
      shift = nextShift;
    }
    assertThat(worstThirdsNs).isEqualTo(1);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldGoOnFromItsStateAsIfNothingHadHappened() throws Exception {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      SessionTime time = new SessionTime(MAX_JUMP_NS);
      for (int i = 0; i < random.nextInt(400); i++) {
        anything(time, random);
      }
      SessionTime restored = read(write(time));
      Random same = new Random(seed + 1000);
      Random sameAgain = new Random(seed + 1000);
      for (int i = 0; i < 400; i++) {
        assertThat(anything(restored, same)).isEqualTo(anything(time, sameAgain));
      }
      assertThat(write(restored)).isEqualTo(write(time));
    }
  }

  @Test
  void shouldReadTheStateOfVersionOne() throws Exception {
    Random random = new Random(10);
    SessionTime time = new SessionTime(MAX_JUMP_NS);
    for (int i = 0; i < 100; i++) {
      anything(time, random);
    }
    time.newConnection();
    time.matched(0, new TimeBase(1, 1), 5, new TimeBase(1, 90_000));
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.write(GOLDEN, write(time));
    }
    byte[] golden = Files.readAllBytes(GOLDEN);
    assertThat(write(read(golden))).isEqualTo(golden).isEqualTo(write(time));
  }

  @Test
  void shouldRefuseTheStateOfANewerVersion() throws Exception {
    byte[] newer = write(new SessionTime(MAX_JUMP_NS));
    newer[0] = 2;
    assertThatThrownBy(() -> read(newer)).hasMessageContaining("version=2");
  }

  /** One picture after whatever may come before it. */
  private static long anything(SessionTime time, Random random) {
    TimeBase base =
        new TimeBase(1 + random.nextInt(1001), 1 + random.nextInt(1 << 1 + random.nextInt(30)));
    if (random.nextInt(20) == 0) {
      time.newConnection();
    }
    if (random.nextInt(10) == 0) {
      time.captured(anyTicks(random), base, random.nextLong());
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      time.matched(anyTicks(random), base, anyTicks(random), base);
    }
    return random.nextInt(30) == 0
        ? time.atUnknown(random.nextLong())
        : time.at(anyTicks(random), base, random.nextLong() >> random.nextInt(64));
  }

  private static long anyTicks(Random random) {
    return random.nextLong() >> random.nextInt(64);
  }

  private static byte[] write(SessionTime time) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    time.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static SessionTime read(byte[] bytes) throws IOException {
    return SessionTime.read(new DataInputStream(new ByteArrayInputStream(bytes)), MAX_JUMP_NS);
  }

  private static BigInteger floor(BigInteger numerator, BigInteger denominator) {
    BigInteger[] parts = numerator.divideAndRemainder(denominator);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }
}
