package dev.flinkvideo.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.EncodedUnit;
import org.junit.jupiter.api.Test;

class LoopTimelineTest {
  private static final boolean KEY = true;

  private final LoopTimeline timeline = new LoopTimeline();

  @Test
  void shouldLeaveTheFirstRoundAsItIs() {
    EncodedUnit placed = timeline.place(unit(5, 3, !KEY), 2);

    assertThat(placed.pts()).isEqualTo(5);
    assertThat(placed.dts()).isEqualTo(3);
  }

  @Test
  void shouldBeginEachLaterRoundWithAKeyFrame() {
    timeline.place(unit(0, 0, !KEY), 2);
    timeline.place(unit(2, 2, KEY), 2);
    timeline.nextRound();

    assertThat(timeline.place(unit(0, 0, !KEY), 2)).isNull();
    assertThat(timeline.place(unit(2, 2, KEY), 2).pts()).isEqualTo(6);
  }

  @Test
  void shouldNotCountARoundInWhichNothingWasShown() {
    timeline.place(unit(0, 0, KEY), 2);
    timeline.nextRound();
    timeline.nextRound();

    assertThat(timeline.place(unit(0, 0, KEY), 2).pts()).isEqualTo(2);
  }

  @Test
  void shouldGoByDecodingTimesWherePresentationTimesAreAbsent() {
    timeline.place(unit(EncodedUnit.NO_TIME, -4, KEY), 2);
    timeline.place(unit(EncodedUnit.NO_TIME, -2, !KEY), 2);
    timeline.nextRound();

    EncodedUnit placed = timeline.place(unit(EncodedUnit.NO_TIME, -4, KEY), 2);

    assertThat(placed.dts()).isZero();
    assertThat(placed.pts()).isEqualTo(EncodedUnit.NO_TIME);
  }

  @Test
  void shouldKeepDecodingTimesRisingWhereDurationsAreUnknown() {
    timeline.place(unit(0, 0, KEY), 0);
    timeline.place(unit(3, 3, !KEY), 0);
    timeline.nextRound();

    assertThat(timeline.place(unit(0, 0, KEY), 0).dts()).isEqualTo(4);
  }

  private static EncodedUnit unit(long pts, long dts, boolean key) {
    return new EncodedUnit(new byte[1], pts, dts, key, 0);
  }
}
