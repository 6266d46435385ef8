package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A unit's number is its time stamp and its content; one arrives each second. */
class GroupRingTest {
  private static final long SECOND_US = 1_000_000;

  private final GroupRing ring = new GroupRing(100, 3 * SECOND_US);
  private long next = 1;

  @Test
  void shouldKeepTheGroupThatComesAndThoseBeforeItAsFarAsItReachesBack() {
    add(false, 1);
    assertThat(kept()).isEmpty();

    add(true, 1); // 2
    add(false, 1);
    add(true, 1); // 4
    assertThat(kept()).containsExactly(2L, 3L, 4L);

    add(false, 1);
    add(true, 1); // 6: from 4 on it reaches back two seconds only
    assertThat(kept()).containsExactly(2L, 3L, 4L, 5L, 6L);

    add(true, 1); // 7: from 4 on it is three
    assertThat(kept()).containsExactly(4L, 5L, 6L, 7L);
  }

  @Test
  void shouldForgetOldGroupsWhereTheyPassTheBound() {
    add(true, 60);
    add(true, 30);
    assertThat(kept()).containsExactly(1L, 2L);

    add(false, 20);
    assertThat(kept()).containsExactly(2L, 3L);
    assertThat(ring.givenUp()).isZero();
  }

  @Test
  void shouldGiveUpAGroupThatIsLongerThanItsBound() {
    add(true, 60);
    add(false, 60);
    add(false, 10);
    assertThat(kept()).isEmpty();
    assertThat(ring.givenUp()).isEqualTo(1);

    add(true, 60);
    assertThat(kept()).containsExactly(4L);
  }

  @Test
  void shouldBeginWithTheGroupThatHoldsWhatWasPublishedLast() {
    fiveGroups();

    assertThat(from(6, /* arrivedS= */ 1_000)).containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(from(9, /* arrivedS= */ 0)).containsExactly(9L);
  }

  @Test
  void shouldBeginWithWhatArrivedBeforeItWhereTheContentIsNotThere() {
    fiveGroups();

    assertThat(from(99, /* arrivedS= */ 8)).containsExactly(7L, 8L, 9L);
    assertThat(from(99, /* arrivedS= */ 9)).as("may show more").containsExactly(7L, 8L, 9L);
    assertThat(from(99, /* arrivedS= */ 10)).containsExactly(9L);
    assertThat(from(99, /* arrivedS= */ 1)).containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(from(0, /* arrivedS= */ 10)).as("no content hash").containsExactly(9L);
  }

  /** Two units each, of which the newest has one; the first two are forgotten. */
  private void fiveGroups() {
    for (int unit = 0; unit < 9; unit++) {
      add(unit % 2 == 0, 1);
    }
  }

  private void add(boolean key, int sizeBytes) {
    EncodedUnit unit = new EncodedUnit(new byte[sizeBytes], next, next, key, next);
    long arrivalUs = next * SECOND_US;
    next++;
    ring.add(
        new LiveUnit(unit, 1, arrivalUs, arrivalUs * 1000, CaptureClock.CAPTURE_CLOCK_ARRIVAL));
  }

  private List<Long> kept() {
    return numbers(ring.from(null));
  }

  private List<Long> from(long contentHash, long arrivedS) {
    return numbers(ring.from(new Published.Unit(contentHash, arrivedS * SECOND_US)));
  }

  private static List<Long> numbers(List<LiveUnit> units) {
    return units.stream().map(unit -> unit.unit().dts()).toList();
  }
}
