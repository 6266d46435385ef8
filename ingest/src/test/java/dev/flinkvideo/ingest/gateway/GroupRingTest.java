package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;
import org.junit.jupiter.api.Test;

class GroupRingTest {
  private final GroupRing ring = new GroupRing(100);
  private long dts;

  @Test
  void shouldKeepTheNewestGroupFromItsKeyFrameOn() {
    add(false, 10);
    assertThat(ring.units()).isEmpty();

    add(true, 10);
    add(false, 10);
    add(true, 10);
    add(false, 10);

    assertThat(ring.units()).extracting(unit -> unit.unit().dts()).containsExactly(3L, 4L);
  }

  @Test
  void shouldGiveUpAGroupThatIsLongerThanItsBound() {
    add(true, 60);
    add(false, 60);
    add(false, 10);
    assertThat(ring.units()).isEmpty();
    assertThat(ring.givenUp()).isEqualTo(1);

    add(true, 60);
    assertThat(ring.units()).hasSize(1);
  }

  private void add(boolean key, int sizeBytes) {
    EncodedUnit unit = new EncodedUnit(new byte[sizeBytes], dts, dts, key, dts);
    dts++;
    ring.add(new LiveUnit(unit, 1, 1, 1000, CaptureClock.CAPTURE_CLOCK_ARRIVAL));
  }
}
