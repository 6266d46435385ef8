package dev.flinkvideo.operators.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.frame.PoolExhaustedException.Exceeded;
import org.apache.flink.core.memory.MemoryUtils;
import org.junit.jupiter.api.Test;

class FramePoolTest {
  private static final long MIB = 1 << 20;
  private static final PixelFormat GREY =
      new PixelFormat(
          "gray", 8, 1, 0, 0, new int[] {1}, new boolean[] {false}, 0, new PixelFormat.Chroma[0]);

  private final MallocFrameMemory memory = new MallocFrameMemory(4 * MIB);
  private final FramePool pool = new FramePool(memory);

  @Test
  void shouldChargeSlotsAndWhatIsAllocatedOutside() throws Exception {
    try (Lease lease = pool.lease("a", 3, 100_000, 50_000)) {
      assertThat(lease.slots()).isEqualTo(3);
      assertThat(pool.leasedBytes()).isEqualTo(3 * 131_072 + 50_000);
    }
    assertThat(pool.leasedBytes()).isZero();
    assertThat(pool.peakBytes()).isEqualTo(3 * 131_072 + 50_000);
    pool.close();
  }

  @Test
  void shouldRefuseWhatDoesNotFitAndTellWhetherItEverCould() throws Exception {
    Lease most = pool.lease("a", 3, MIB - FramePool.PAGE_BYTES, 0);
    assertThatThrownBy(() -> pool.lease("b", 2, MIB - FramePool.PAGE_BYTES, 0))
        .isInstanceOfSatisfying(
            PoolExhaustedException.class,
            e -> assertThat(e.exceeded()).isEqualTo(Exceeded.FREE_MEMORY))
        .hasMessageContaining("freeBytes=");
    assertThatThrownBy(() -> pool.lease("c", 5, MIB, 0))
        .isInstanceOfSatisfying(
            PoolExhaustedException.class, e -> assertThat(e.exceeded()).isEqualTo(Exceeded.POOL));
    most.close();
    assertThat(pool.leasedBytes()).isZero();
    pool.close();
  }

  @Test
  void shouldJoinFreedSlotsAgain() throws Exception {
    Lease first = pool.lease("a", 1, MIB, 0);
    Lease second = pool.lease("b", 1, MIB, 0);
    first.close();
    second.close();
    try (Lease whole = pool.lease("c", 1, pool.sizeBytes(), 0)) {
      assertThat(whole.slots()).isEqualTo(1);
    }
    pool.close();
  }

  @Test
  void shouldZeroASlotOnceAfterItsPictureWasForgotten() throws Exception {
    try (Lease lease = pool.lease("a", 3, 1000, 0)) {
      Lease.Slot seenBefore = lease.take();
      write(seenBefore, 1);
      Lease.Slot heldOn = lease.take();
      write(heldOn, 2);
      lease.give(seenBefore.index());
      assertThat(read(lease.take())).as("as it was").isEqualTo(1);
      lease.forgetPictures();
      lease.give(seenBefore.index());
      Lease.Slot next = lease.take();
      assertThat(read(next)).isZero();
      write(next, 3);
      lease.give(next.index());
      lease.give(heldOn.index());
      assertThat(read(lease.take())).as("what came after it is used first").isEqualTo(3);
      assertThat(read(lease.take())).isZero();
      assertThat(read(lease.take())).isZero();
      for (int slot = 0; slot < lease.slots(); slot++) {
        lease.give(slot);
      }
    }
    pool.close();
  }

  private static void write(Lease.Slot slot, int value) {
    MemoryUtils.UNSAFE.putByte(slot.address(), (byte) value);
  }

  private static int read(Lease.Slot slot) {
    return MemoryUtils.UNSAFE.getByte(slot.address());
  }

  @Test
  void shouldZeroSlotsSoThatNoPictureOfAnotherSessionShows() throws Exception {
    byte[] row = new byte[16];
    try (Lease first = pool.lease("a", 1, 1000, 0)) {
      org.apache.flink.core.memory.MemoryUtils.UNSAFE.setMemory(
          first.take().address(), 1000, (byte) 0x55);
      first.give(0);
    }
    try (Lease second = pool.lease("b", 1, 1000, 0)) {
      Lease.Slot slot = second.take();
      try (Frame frame = frame(second, slot)) {
        frame.readRow(0, 0, row, 16);
      }
    }
    assertThat(row).containsOnly(0);
    pool.close();
  }

  @Test
  void shouldKeepALeaseUntilItsLastSlotCameBack() throws Exception {
    Lease lease = pool.lease("a", 2, MIB, 0);
    Lease.Slot slot = lease.take();
    lease.close();
    assertThat(pool.leasedBytes()).isEqualTo(2 * MIB);
    lease.give(slot.index());
    assertThat(pool.leasedBytes()).isZero();
    pool.close();
  }

  @Test
  void shouldRefuseASlotGivenBackTwice() throws Exception {
    try (Lease lease = pool.lease("a", 2, MIB, 0)) {
      Lease.Slot slot = lease.take();
      lease.give(slot.index());
      assertThatThrownBy(() -> lease.give(slot.index())).hasMessageContaining("twice");
    }
    pool.close();
  }

  @Test
  void shouldNameWhereAnOutstandingFrameWasTaken() throws Exception {
    Lease lease = pool.lease("studio", 1, 1000, 0);
    Frame frame = frame(lease, lease.take());
    assertThatThrownBy(pool::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("frame of studio")
        .satisfies(
            leak ->
                assertThat(leak.getSuppressed()[0].getStackTrace())
                    .anyMatch(line -> line.getClassName().equals(FramePoolTest.class.getName())));
    frame.close();
    lease.close();
    pool.close();
  }

  @Test
  void shouldRefuseAFrameThatWasGivenBack() throws Exception {
    try (Lease lease = pool.lease("a", 1, 1000, 0)) {
      Frame frame = frame(lease, lease.take());
      frame.close();
      assertThatThrownBy(() -> frame.readRow(0, 0, new byte[16], 16))
          .hasMessageContaining("given back already");
      assertThatThrownBy(frame::close).hasMessageContaining("given back already");
    }
    pool.close();
  }

  @Test
  void shouldRefuseToReadOutsideThePicture() throws Exception {
    try (Lease lease = pool.lease("a", 1, 1000, 0);
        Frame frame = frame(lease, lease.take())) {
      assertThatThrownBy(() -> frame.readRow(0, 4, new byte[16], 16))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> frame.readRow(0, 0, new byte[64], 64))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    pool.close();
  }

  private Frame frame(Lease lease, Lease.Slot slot) {
    return new Frame(
        pool,
        lease.owner(),
        () -> lease.give(slot.index()),
        GREY,
        16,
        4,
        false,
        new long[] {slot.address()},
        new int[] {32});
  }
}
