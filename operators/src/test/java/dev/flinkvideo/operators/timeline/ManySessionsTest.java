package dev.flinkvideo.operators.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * 3,200 sessions at 30 or 29.97 pictures per second, whose sources stamp the true times rounded to
 * their ticks, by clocks of their own that may wrap around. The axis of a session is compared with
 * the true one.
 */
class ManySessionsTest {
  private static final int SESSIONS = 3_200;
  private static final long SECOND = 1_000_000_000L;

  /** Clocks of sources are apart by fractions of this many-th part of a picture. */
  private static final long PHASES = 997;

  private static final int OVERLAP = 60;

  private enum Source {
    MPEG_TS(90_000, 33),
    RTP(90_000, 32),
    RTMP(1_000, 32),
    MP4(15_360, 63),
    MATROSKA(1_000, 63);

    private final TimeBase base;
    private final long mask;

    Source(int denominator, int bits) {
      this.base = new TimeBase(1, denominator);
      this.mask = (1L << bits) - 1;
    }
  }

  private final Random random = new Random(3_200);
  private double worstNs;
  private double worstInTicks;

  @Test
  void shouldStayWithinHalfATickOfTheTrueAxis() {
    run(Source.values(), /* changes= */ 0);
    assertThat(worstInTicks).isGreaterThan(0.4).isLessThanOrEqualTo(0.5);
  }

  @Test
  void shouldStayWithinAFifthOfAMillisecondAfterChangesBetweenSourcesWithFineClocks() {
    run(new Source[] {Source.MPEG_TS, Source.RTP, Source.MP4}, /* changes= */ 4);
    assertThat(worstNs).isLessThan(200_000);
  }

  @Test
  void shouldStayWithinTwoMillisecondsWhereSomeSourcesCountMilliseconds() {
    run(Source.values(), /* changes= */ 4);
    assertThat(worstNs).isLessThan(2_000_000);
  }

  private void run(Source[] sources, int changes) {
    for (int session = 0; session < SESSIONS; session++) {
      run(sources, session % 2 == 0 ? 1_000 : 1_001, changes);
    }
  }

  /** A picture is {@code step / 30,000} s long. */
  private void run(Source[] sources, int step, int changes) {
    SessionTime time = new SessionTime(10 * SECOND);
    Source source = sources[random.nextInt(sources.length)];
    long aheadTicks = random.nextLong() & source.mask & (1L << 40) - 1;
    long ahead = 0; // phases; the true axis begins with the first stamp
    long uncertaintyNs = 0;
    long picture = 0;
    for (int change = 0; change <= changes; change++) {
      for (int i = 0; i < 150; i++, picture++) {
        long stamp = stamp(source, picture, step, ahead, aheadTicks);
        long timeNs = time.at(stamp, source.base, picture * step * 100 / 3);
        if (i == 0 && change > 0) {
          Joint joint = time.takeJoint();
          assertThat(joint.by()).isEqualTo(Joint.By.HASHES);
          uncertaintyNs += joint.uncertaintyNs();
        }
        check(timeNs, picture * step, source.base, uncertaintyNs);
      }
      Source next = sources[random.nextInt(sources.length)];
      long nextAhead = random.nextInt(100_000_000);
      long nextAheadTicks = random.nextLong() & next.mask & (1L << 40) - 1;
      time.newConnection();
      for (long shown = picture - OVERLAP; shown < picture; shown++) {
        time.matched(
            stamp(source, shown, step, ahead, aheadTicks),
            source.base,
            stamp(next, shown, step, nextAhead, nextAheadTicks),
            next.base);
      }
      source = next;
      ahead = nextAhead;
      aheadTicks = nextAheadTicks;
    }
    assertThat(time.rebases()).isZero();
  }

  private static long stamp(Source source, long picture, int step, long ahead, long aheadTicks) {
    long units = (picture * step * PHASES + ahead) * source.base.denominator();
    long unitsPerTick = 30_000 * PHASES;
    return aheadTicks + Math.floorDiv(2 * units + unitsPerTick, 2 * unitsPerTick) & source.mask;
  }

  private void check(long timeNs, long trueUnits, TimeBase base, long uncertaintyNs) {
    double errorNs = Math.abs(timeNs * 3 - trueUnits * 100_000) / 3.0;
    double tickNs = (double) SECOND / base.denominator();
    assertThat(errorNs).isLessThanOrEqualTo(tickNs / 2 + uncertaintyNs + 0.5);
    worstNs = Math.max(worstNs, errorNs);
    worstInTicks = Math.max(worstInTicks, (errorNs - 0.5) / tickNs);
  }
}
