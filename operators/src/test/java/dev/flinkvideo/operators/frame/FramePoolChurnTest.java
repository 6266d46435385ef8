package dev.flinkvideo.operators.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Decoders of five picture sizes come and go while the pool is kept full. A lease that the budget
 * has room for can then still find the free slots scattered; what decoders allocate outside the
 * pool is charged but takes nothing of the block, and is the slack that keeps this rare.
 */
class FramePoolChurnTest {
  private static final int[] PAGES = {1, 2, 3, 6, 12};
  private static final int LEASES = 2_000;

  /** Bytes outside the pool per byte of one slot: bytes per pixel over the 1.5 of 4:2:0. */
  private static final double H264 = 4.2 / 1.5;

  private static final double VP9 = 1.0 / 1.5;

  private final FramePool pool =
      new FramePool(new MallocFrameMemory(256 * FramePool.PAGE_BYTES + FramePool.PAGE_BYTES));
  private final List<Lease> open = new ArrayList<>();

  @Test
  void shouldLoseNoLeaseOfH264ToScatteredSlots() {
    assertThat(scattered(H264)).isZero();
  }

  @Test
  void shouldLoseFewLeasesToScatteredSlotsWhereTheBudgetHasLittleSlack() {
    assertThat(scattered(VP9)).isLessThan(LEASES / 100);
  }

  @Test
  void shouldStrandNothingForLongerThanItTakesToCloseAFewLeases() {
    assertThat(scattered(0)).isLessThan(LEASES * 12 / 100);
  }

  /** How many leases the budget had room for and the block had not. */
  private int scattered(double outsidePerSlotByte) {
    Random random = new Random(20);
    int scattered = 0;
    for (int i = 0; i < LEASES; i++) {
      int slots = 6 + random.nextInt(6);
      long slotBytes = PAGES[random.nextInt(PAGES.length)] * FramePool.PAGE_BYTES;
      long outsideBytes = (long) (outsidePerSlotByte * slotBytes);
      long neededBytes = slots * slotBytes + outsideBytes;
      while (pool.leasedBytes() + neededBytes > pool.sizeBytes()) {
        closeOne(random);
      }
      boolean first = true;
      while (!leased(slots, slotBytes, outsideBytes)) {
        scattered += first ? 1 : 0;
        first = false;
        closeOne(random); // fails when there is none: then memory would be lost for good
      }
    }
    open.forEach(Lease::close);
    assertThat(pool.leasedBytes()).isZero();
    assertThat(pool.largestFreeBytes()).isEqualTo(pool.sizeBytes());
    pool.close();
    return scattered;
  }

  private boolean leased(int slots, long slotBytes, long outsideBytes) {
    long beforeBytes = pool.leasedBytes();
    try {
      open.add(pool.lease("churn", slots, slotBytes, outsideBytes));
      return true;
    } catch (PoolExhaustedException e) {
      assertThat(pool.leasedBytes()).isEqualTo(beforeBytes);
      assertThat(e).hasMessageContaining("largestFreeBytes=" + pool.largestFreeBytes());
      return false;
    }
  }

  private void closeOne(Random random) {
    open.remove(random.nextInt(open.size())).close();
  }
}
