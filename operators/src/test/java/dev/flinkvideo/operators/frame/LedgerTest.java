package dev.flinkvideo.operators.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.flinkvideo.operators.frame.PoolExhaustedException.Exceeded;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long MIB = 1 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final PixelFormat GREY =
      new PixelFormat(
          "gray", 8, 1, 0, 0, new int[] {1}, new boolean[] {false}, 0, new PixelFormat.Chroma[0]);

  private long nowNs = Long.MAX_VALUE - 30 * SECOND; // nanoTime may wrap
  private final FramePool pool =
      new FramePool(new MallocFrameMemory(9 * MIB), 0.5, Duration.ofSeconds(10), () -> nowNs);

  @AfterEach
  void closePool() {
    pool.close(); // throws if anything is out
  }

  @Test
  void shouldNameTheThreeLargestHoldersWhenThePoolIsFull() throws Exception {
    Lease crumb = pool.lease("crumb", 1, MIB / 2, 0);
    Lease small = pool.lease("small", 1, MIB, 0);
    nowNs += 60 * SECOND;
    Lease large = pool.lease("large", 1, MIB, MIB);
    Lease largeToo = pool.lease("large", 1, MIB, 0);
    Lease middle = pool.lease("middle", 3, MIB / 2, 0);
    nowNs += 2 * SECOND;
    assertThatThrownBy(() -> pool.lease("next", 4, MIB, 0))
        .isInstanceOfSatisfying(
            PoolExhaustedException.class,
            e -> assertThat(e.exceeded()).isEqualTo(Exceeded.FREE_MEMORY))
        .hasMessageContaining(
            "of 4 holders the largest: large (3.0 MiB for 2 s), middle (1.5 MiB for 2 s), small (1.0 MiB for 62 s)")
        .hasMessageNotContaining("crumb");
    assertThat(pool.leasesOutstanding()).isEqualTo(5);
    for (Lease lease : new Lease[] {crumb, small, large, largeToo, middle}) {
      lease.close();
    }
    assertThat(pool.leasesOutstanding()).isZero();
  }

  @Test
  void shouldRefuseForEverWhatIsBeyondTheShareOfOneSession() {
    assertThatThrownBy(() -> pool.lease("greedy", 5, MIB, 0))
        .isInstanceOfSatisfying(
            PoolExhaustedException.class,
            e -> assertThat(e.exceeded()).isEqualTo(Exceeded.SESSION_SHARE))
        .hasMessageContaining("requestedBytes=5242880")
        .hasMessageContaining("sessionLimitBytes=" + pool.ownerLimitBytes())
        .hasMessageContaining("decode.max-session-share=0.5")
        .hasMessageContaining("poolBytes=" + pool.sizeBytes());
    assertThat(pool.leasedBytes()).isZero();
  }

  @Test
  void shouldRefuseForNowWhatIsBeyondTheShareTogetherWithAnOlderLease() throws Exception {
    Lease older = pool.lease("a", 3, MIB, 0);
    assertThatThrownBy(() -> pool.lease("a", 3, MIB, 0))
        .isInstanceOfSatisfying(
            PoolExhaustedException.class,
            e -> assertThat(e.exceeded()).isEqualTo(Exceeded.FREE_MEMORY))
        .hasMessageContaining("heldBytes=3145728");
    Lease other = pool.lease("b", 3, MIB, 0);
    older.close();
    pool.lease("a", 3, MIB, 0).close();
    other.close();
  }

  @Test
  void shouldNotLetALeaseGrowBeyondItsShare() throws Exception {
    try (Lease lease = pool.lease("a", 4, MIB, 0)) {
      assertThat(lease.grow()).isFalse();
      assertThat(lease.slots()).isEqualTo(4);
      assertThat(PoolExhaustedException.noSlotLeft(pool, 4))
          .hasMessageContaining("slots=4 all taken")
          .hasMessageContaining("sessionLimitBytes=" + pool.ownerLimitBytes())
          .hasMessageContaining("a (4.0 MiB");
    }
  }

  @Test
  void shouldNumberLeasesAndKnowWhenTheyWereTakenAndUsed() throws Exception {
    Lease first = pool.lease("a", 1, MIB, 7);
    long takenAtNs = nowNs;
    nowNs += SECOND;
    Lease second = pool.lease("b", 1, MIB, 0);
    first.give(first.take().index());
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(first.takenAtNs()).isEqualTo(takenAtNs);
    assertThat(first.lastUsedNs()).isEqualTo(takenAtNs + SECOND);
    assertThat(first.bytes()).isEqualTo(MIB + 7);
    first.close();
    second.close();
  }

  @Test
  void shouldFindALeaseThatIsClosedButDoesNotEnd() throws Exception {
    Lease lease = pool.lease("a", 2, MIB, 0);
    Lease.Slot held = lease.take();
    lease.close();
    assertThat(overdueAfter(10)).isEmpty();
    assertThat(overdueAfter(1))
        .extracting(Overdue::kind, Overdue::owner, Overdue::generation, Overdue::bytes)
        .containsExactly(tuple(Overdue.Kind.CLOSED_LEASE, "a", lease.generation(), 2 * MIB));
    assertThat(pool.overdueCount()).isEqualTo(1);
    lease.give(held.index());
    assertThat(overdueAfter(1)).isEmpty();
    assertThat(pool.overdueCount()).isZero();
  }

  @Test
  void shouldFindALeaseThatNobodyUses() throws Exception {
    Lease forgotten = pool.lease("forgotten", 1, MIB, 0);
    Lease used = pool.lease("used", 1, MIB, 0);
    for (int second = 1; second <= 10; second++) {
      assertThat(overdueAfter(1)).isEmpty();
      used.give(used.take().index());
    }
    assertThat(overdueAfter(1))
        .containsExactly(
            new Overdue(
                Overdue.Kind.UNUSED_LEASE,
                "forgotten",
                forgotten.generation(),
                MIB,
                11 * SECOND,
                null));
    forgotten.close();
    used.close();
  }

  @Test
  void shouldBlameNobodyForATaskThatStoodStill() throws Exception {
    Lease lease = pool.lease("a", 1, MIB, 0);
    assertThat(overdueAfter(1)).isEmpty();
    assertThat(overdueAfter(120)).isEmpty();
    for (int second = 1; second <= 10; second++) {
      assertThat(overdueAfter(1)).isEmpty();
    }
    assertThat(overdueAfter(1)).hasSize(1);
    lease.close();
  }

  @Test
  void shouldFindAFrameThatWasNotGivenBackAndTheLineThatTookIt() throws Exception {
    Lease lease = pool.lease("studio", 1, 1000, 0);
    Lease.Slot slot = lease.take();
    Frame lost =
        new Frame(
            pool,
            "studio",
            () -> lease.give(slot.index()),
            GREY,
            16,
            4,
            false,
            new long[] {slot.address()},
            new int[] {32});
    assertThat(overdueAfter(5)).isEmpty();
    assertThat(overdueAfter(5)).isEmpty();
    assertThat(overdueAfter(1))
        .filteredOn(overdue -> overdue.kind() == Overdue.Kind.FRAME)
        .singleElement()
        .satisfies(
            overdue -> {
              assertThat(overdue.owner()).isEqualTo("studio");
              assertThat(overdue.bytes()).isEqualTo(32 * 4);
              assertThat(overdue.ageNs()).isEqualTo(11 * SECOND);
              assertThat(overdue.takenHere().getStackTrace())
                  .anyMatch(line -> line.getClassName().equals(LedgerTest.class.getName()));
            });
    lost.close();
    lease.close();
  }

  @Test
  void shouldRefuseAShareThatIsNone() {
    MallocFrameMemory memory = new MallocFrameMemory(MIB);
    for (double share : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> new FramePool(memory, share, Duration.ofSeconds(1)))
          .hasMessageContaining("maxOwnerShare=" + share);
    }
    memory.close();
  }

  private java.util.List<Overdue> overdueAfter(long seconds) {
    nowNs += seconds * SECOND;
    return pool.overdue(nowNs);
  }
}
