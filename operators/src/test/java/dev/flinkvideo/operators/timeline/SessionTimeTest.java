package dev.flinkvideo.operators.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTimeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final TimeBase NS = new TimeBase(1, 1_000_000_000);
  private static final TimeBase MS = new TimeBase(1, 1_000);
  private static final TimeBase MPEG = new TimeBase(1, 90_000);

  private final SessionTime time = new SessionTime(10 * SECOND);

  @Test
  void shouldBeginAtZeroWhateverTheSourceSays() {
    assertThat(time.at(5000 * SECOND, NS, 1_000)).isZero();
    assertThat(time.at(5000 * SECOND + 40_000_000, NS, 41_000)).isEqualTo(40_000_000);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldRebaseASourceThatRestartsAtZero() {
    time.at(100 * SECOND, NS, 0);
    time.at(101 * SECOND, NS, 1_000_000);
    assertThat(time.at(0, NS, 2_000_000)).isEqualTo(2 * SECOND);
    assertThat(time.at(SECOND / 2, NS, 2_500_000)).isEqualTo(2 * SECOND + SECOND / 2);
    assertThat(time.rebases()).isEqualTo(1);
    assertThat(time.lastJumpNs()).isEqualTo(-101 * SECOND);
  }

  @Test
  void shouldRebaseAJumpThatArrivalTimesDoNotShow() {
    time.at(0, NS, 0);
    time.at(SECOND, NS, 1_000_000);
    assertThat(time.at(3600 * SECOND, NS, 2_000_000)).isEqualTo(2 * SECOND);
    assertThat(time.rebases()).isEqualTo(1);
  }

  @Test
  void shouldFollowAPauseThatArrivalTimesShowToo() {
    time.at(0, NS, 0);
    assertThat(time.at(60 * SECOND, NS, 60_000_000)).isEqualTo(60 * SECOND);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldKeepTheAxisWhereTwoPicturesHaveOneStamp() {
    TimeBase frames = new TimeBase(1, 25);
    assertThat(time.at(7, frames, 0)).isZero();
    assertThat(time.at(7, frames, 20_000)).isEqualTo(1);
    assertThat(time.at(8, frames, 40_000)).isEqualTo(40_000_000);
    assertThat(time.at(8, frames, 60_000)).isEqualTo(40_000_001);
    assertThat(time.at(9, frames, 80_000)).isEqualTo(80_000_000);
    assertThat(time.rebases()).isZero();
  }

  /** A connection ended between a picture and those shown before it, and another goes on. */
  @Test
  void shouldKeepTheAxisWherePicturesComeAfterTheirTurn() {
    for (long ticks : new long[] {0, 40, 80, 200}) {
      time.at(ticks, MS, ticks * 1_000);
    }
    time.newConnection();
    time.matched(200, MS, 5_200, MS);
    assertThat(time.at(5_120, MS, 400_000)).isEqualTo(200_000_001);
    assertThat(time.at(5_160, MS, 400_000)).isEqualTo(200_000_002);
    assertThat(time.at(5_240, MS, 400_000)).isEqualTo(240_000_000);
    assertThat(time.takeJoint().by()).isEqualTo(Joint.By.HASHES);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldRebaseAClockThatStandsStill() {
    for (int picture = 0; picture < 101; picture++) {
      time.at(7, MS, picture * 40_000L);
    }
    assertThat(time.rebases()).isEqualTo(50);
    assertThat(time.at(47, MS, 4_040_000)).isBetween(2 * SECOND, 3 * SECOND);
  }

  /** One stamp below the last is a picture after its turn; one that falls on and on is a jump. */
  @Test
  void shouldRebaseAClockThatRunsBackwards() {
    long before = time.at(100_000, MS, 0);
    for (int picture = 1; picture <= 100; picture++) {
      long timeNs = time.at(100_000 - picture * 40L, MS, picture * 40_000L);
      assertThat(timeNs).isEqualTo(before + 40_000_000);
      before = timeNs;
    }
    assertThat(time.rebases()).isEqualTo(100);
    assertThat(time.lastJumpNs()).isEqualTo(-40_000_000);
    assertThat(time.at(96_040, MS, 4_040_000)).isEqualTo(before + 40_000_000);
    assertThat(time.rebases()).isEqualTo(100);
  }

  @Test
  void shouldRiseAndCountTheJumpsWhileAClockRunsBackwardsByLessThanAPicture() {
    long before = time.at(100_000, MS, 0);
    for (int picture = 1; picture <= 100; picture++) {
      long timeNs = time.at(100_000 - picture, MS, picture * 40_000L);
      assertThat(timeNs).isGreaterThan(before).isLessThanOrEqualTo(before + 40_000_000);
      before = timeNs;
    }
    assertThat(time.rebases()).isBetween(1L, 100L);
    assertThat(time.wraps()).isZero();
  }

  @Test
  void shouldGoOnWhereTheTimeBaseChangesWithinAConnection() {
    time.at(90_000, MPEG, 0);
    time.at(93_003, MPEG, 33_000);
    assertThat(time.at(1_067, MS, 67_000)).isEqualTo(67_000_000);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldUnwrapThe33BitsOfMpegTs() {
    wrapAround(33, MPEG);
  }

  @Test
  void shouldUnwrapThe32BitsOfRtp() {
    wrapAround(32, MPEG);
  }

  @Test
  void shouldUnwrapThe32BitsOfRtmp() {
    wrapAround(32, MS);
  }

  private void wrapAround(int bits, TimeBase base) {
    long period = 1L << bits;
    long step = base.denominator() / 25;
    long first = period - 50 * step;
    for (long picture = 0; picture < 100; picture++) {
      assertThat(time.at((first + picture * step) % period, base, picture * 40_000))
          .isEqualTo(picture * 40_000_000);
    }
    assertThat(time.wraps()).isEqualTo(1);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldNotTakeAJumpOfACounterThatNoProtocolHasForAWrapAround() {
    TimeBase fine = new TimeBase(1, 1_000_000_000);
    time.at(1L << 32, fine, 0);
    time.at((1L << 32) + SECOND, fine, 1_000_000);
    assertThat(time.at(1, fine, 2_000_000)).isEqualTo(2 * SECOND);
    assertThat(time.wraps()).isZero();
    assertThat(time.rebases()).isEqualTo(1);
  }

  @Test
  void shouldPutANewConnectionAsFarBehindAsItArrivedLater() {
    time.at(0, NS, 0);
    time.at(SECOND, NS, 1_000_000);
    time.newConnection();
    assertThat(time.at(777 * SECOND, NS, 4_000_000)).isEqualTo(4 * SECOND);
    assertThat(time.takeJoint())
        .isEqualTo(new Joint(Joint.By.ARRIVAL, 3 * SECOND, -773 * SECOND, 0, 0));
    assertThat(time.takeJoint()).isNull();
    assertThat(time.at(778 * SECOND, NS, 5_000_000)).isEqualTo(5 * SECOND);
    assertThat(time.rebases()).isZero();
  }

  @Test
  void shouldPutANewConnectionByCaptureClocksWhereBothSourcesHaveOne() {
    time.captured(100, MS, 1_700_000_000 * SECOND);
    time.at(100, MS, 0);
    time.at(600, MS, 500_000);
    time.newConnection();
    time.captured(9_000, MPEG, 1_700_000_000 * SECOND + SECOND);
    assertThat(time.at(9_000, MPEG, 3_000_000)).isEqualTo(SECOND);
    assertThat(time.takeJoint().by()).isEqualTo(Joint.By.CAPTURE_CLOCKS);
    assertThat(time.at(18_000, MPEG, 3_100_000)).isEqualTo(1_100_000_000);
  }

  /** ffmpeg's clock seems right until it has sent what it probed. */
  @Test
  void shouldForgetAClockThatTurnedOutNotToBeComparable() {
    time.captured(0, MS, 0);
    time.at(0, MS, 0);
    time.notCaptured();
    time.at(40, MS, 40_000);
    time.newConnection();
    time.captured(0, MS, SECOND);
    assertThat(time.at(0, MS, 100_000)).isEqualTo(100_000_000);
    assertThat(time.takeJoint().by()).isEqualTo(Joint.By.ARRIVAL);
  }

  @Test
  void shouldNotBelieveCaptureClocksThatContradictTheArrival() {
    for (long lieNs : new long[] {-SECOND, 60 * SECOND}) {
      SessionTime lied = new SessionTime(10 * SECOND);
      lied.captured(0, NS, 0);
      lied.at(0, NS, 0);
      lied.newConnection();
      lied.captured(0, NS, lieNs);
      assertThat(lied.at(0, NS, 2_000_000)).isEqualTo(2 * SECOND);
      assertThat(lied.takeJoint().by()).isEqualTo(Joint.By.ARRIVAL);
    }
  }

  @Test
  void shouldPutANewConnectionExactlyWhereBothCarryOneEncode() {
    time.captured(0, MPEG, 0);
    for (long picture = 0; picture <= 60; picture++) {
      time.at(9_000 + picture * 3_000, MPEG, picture * 33_333);
    }
    time.newConnection();
    time.captured(0, MS, 5 * SECOND); // matches are better
    for (long picture = 30; picture <= 60; picture++) {
      time.matched(9_000 + picture * 3_000, MPEG, 70_000 + Math.round(picture / 0.03), MS);
    }
    assertThat(time.at(70_000 + 2_033, MS, 5_000_000)).isEqualTo(2_033_000_000);
    assertThat(time.takeJoint())
        .satisfies(
            joint -> {
              assertThat(joint.by()).isEqualTo(Joint.By.HASHES);
              assertThat(joint.matches()).isEqualTo(31);
              assertThat(joint.gapNs()).isEqualTo(33_000_000);
              assertThat(joint.clockShiftNs()).isEqualTo(-69_900_000_000L);
              assertThat(joint.uncertaintyNs()).isEqualTo(172_222);
            });
    assertThat(time.at(70_000 + 2_067, MS, 5_033_000)).isEqualTo(2_067_000_000);
  }

  @Test
  void shouldMatchAcrossAWrapAround() {
    long period = 1L << 33;
    time.at(period - 3_000, MPEG, 0);
    time.at(0, MPEG, 33_333);
    time.at(3_000, MPEG, 66_667);
    time.newConnection();
    time.matched(period - 3_000, MPEG, 500, MPEG);
    time.matched(0, MPEG, 3_500, MPEG);
    time.matched(3_000, MPEG, 6_500, MPEG);
    assertThat(time.at(9_500, MPEG, 9_000_000)).isEqualTo(100_000_000);
    assertThat(time.takeJoint().matches()).isEqualTo(3);
  }

  @Test
  void shouldIgnoreMatchesWithWhatWasShownBeforeAJump() {
    time.at(1_000, MS, 0);
    time.at(1_040, MS, 40_000);
    time.at(900_000, MS, 80_000); // re-based to 80 ms
    time.newConnection();
    time.matched(1_000, MS, 0, MS);
    time.matched(1_040, MS, 40, MS);
    time.matched(900_000, MS, 80, MS);
    assertThat(time.at(120, MS, 5_000_000)).isEqualTo(120_000_000);
    assertThat(time.takeJoint().matches()).isEqualTo(1);
  }

  @Test
  void shouldTrustTheLaterOfMatchesThatContradict() {
    for (long picture = 0; picture < 10; picture++) {
      time.at(picture * 40, MS, picture * 40_000);
    }
    time.newConnection();
    time.matched(200, MS, 70_000, MS);
    time.matched(240, MS, 70_040, MS);
    time.matched(280, MS, 0, MS); // the new source restarted here
    time.matched(320, MS, 40, MS);
    time.matched(360, MS, 80, MS);
    assertThat(time.at(120, MS, 9_000_000)).isEqualTo(400_000_000);
    assertThat(time.takeJoint().matches()).isEqualTo(3);
  }

  @Test
  void shouldGiveEvenStepsWhereTheSourceGivesNoStamps() {
    assertThat(time.atUnknown(0)).isZero();
    assertThat(time.atUnknown(0)).isEqualTo(40_000_000);
    assertThat(time.at(5, MS, 0)).isEqualTo(80_000_000);
    assertThat(time.at(45, MS, 0)).isEqualTo(120_000_000);
  }
}
