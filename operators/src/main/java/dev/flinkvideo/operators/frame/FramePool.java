package dev.flinkvideo.operators.frame;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Divides one block of native memory among decoders. A decoder leases all its slots when it opens,
 * so that a picture can never fail for want of memory in the middle of a stream; what it allocates
 * elsewhere is charged too.
 *
 * <pre>
 *   block  | lease A: slot slot slot slot | lease B: slot slot | free ...            |
 *   budget | A's slots + A's outside bytes + B's slots + B's outside bytes  <= sizeBytes
 * </pre>
 *
 * <p>Owned by one subtask and used by its task thread only; the figures may be read from any
 * thread. Whoever made the pool closes it; closing with a frame or a lease out throws and names
 * where it was taken.
 */
public final class FramePool implements FramePoolFigures, AutoCloseable {
  /** Granularity of slots: codecs whose layouts differ by a few rows share free extents. */
  static final long PAGE_BYTES = 64 << 10;

  private final FrameMemory memory;
  private final double maxOwnerShare;
  private final LongSupplier nanoTime;
  private final long baseAddress;
  private final long sizeBytes;
  private final FreeExtents free;
  private final Ledger ledger;
  private boolean closed;

  private volatile long leasedBytes;
  private volatile long peakBytes;
  private volatile int leasesOutstanding;
  private volatile int framesOutstanding;
  private volatile int overdueCount;

  /** A pool that one owner may use up, and in which nothing is ever overdue. */
  public FramePool(FrameMemory memory) {
    this(memory, 1.0, Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * @param maxOwnerShare of the pool that one owner may hold, above 0; 1 for no limit
   * @param overdueAfter how long a lease may be unused, or closed and not ended, and a frame lent
   */
  public FramePool(FrameMemory memory, double maxOwnerShare, Duration overdueAfter) {
    this(memory, maxOwnerShare, overdueAfter, System::nanoTime);
  }

  FramePool(
      FrameMemory memory, double maxOwnerShare, Duration overdueAfter, LongSupplier nanoTime) {
    if (!(maxOwnerShare > 0 && maxOwnerShare <= 1)) {
      throw new IllegalArgumentException(
          "maxOwnerShare=%s is no share: above 0, at most 1".formatted(maxOwnerShare));
    }
    this.memory = memory;
    this.maxOwnerShare = maxOwnerShare;
    this.nanoTime = nanoTime;
    this.baseAddress = memory.address();
    this.sizeBytes = memory.sizeBytes() / PAGE_BYTES * PAGE_BYTES;
    this.free = new FreeExtents(sizeBytes);
    this.ledger = new Ledger(overdueAfter.toNanos(), nanoTime.getAsLong());
  }

  /**
   * Leases {@code slots} slots of at least {@code slotBytes} each.
   *
   * @param owner the session, for messages and its share
   * @param outsideBytes what the holder allocates outside the pool, charged against the same budget
   * @throws PoolExhaustedException if that does not fit beside what is leased now, or ever
   */
  public Lease lease(String owner, int slots, long slotBytes, long outsideBytes)
      throws PoolExhaustedException {
    checkOpen();
    long roundedBytes = (slotBytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    long requestedBytes = slots * roundedBytes + outsideBytes;
    long heldBytes = ledger.bytesOf(owner);
    if (heldBytes + requestedBytes > ownerLimitBytes()) {
      throw PoolExhaustedException.beyondShare(requestedBytes, heldBytes, this);
    }
    if (leasedBytes + requestedBytes > sizeBytes) {
      throw PoolExhaustedException.full(requestedBytes, this);
    }
    Lease lease = new Lease(this, owner, roundedBytes, outsideBytes);
    ledger.add(lease);
    leasesOutstanding = ledger.leases();
    charge(outsideBytes);
    if (!lease.grow(slots)) {
      lease.close();
      throw PoolExhaustedException.full(requestedBytes, this);
    }
    return lease;
  }

  /**
   * What should have come back by now. Call it every few seconds: a look that comes later than half
   * the limit means that the task stood still, and starts the watch over unused leases anew.
   *
   * @param nowNs by {@link System#nanoTime}
   */
  public List<Overdue> overdue(long nowNs) {
    List<Overdue> found = ledger.overdue(nowNs);
    overdueCount = found.size();
    return found;
  }

  /** Offset of memory for an owner, or -1 if its share, the budget or the block has no room. */
  long take(String owner, long bytes) {
    if (leasedBytes + bytes > sizeBytes || ledger.bytesOf(owner) + bytes > ownerLimitBytes()) {
      return -1;
    }
    long offset = free.take(bytes);
    if (offset >= 0) {
      charge(bytes);
    }
    return offset;
  }

  void give(long offset, long bytes) {
    charge(-bytes);
    free.give(offset, bytes);
  }

  void ended(Lease lease, long outsideBytes) {
    if (ledger.remove(lease)) {
      leasesOutstanding = ledger.leases();
      charge(-outsideBytes);
    }
  }

  void opened(Frame frame) {
    checkOpen();
    ledger.add(frame);
    framesOutstanding = ledger.frames();
  }

  void closed(Frame frame) {
    ledger.remove(frame);
    framesOutstanding = ledger.frames();
  }

  long address(long offset) {
    return baseAddress + offset;
  }

  long nowNs() {
    return nanoTime.getAsLong();
  }

  long nextGeneration() {
    return ledger.nextGeneration();
  }

  String topHolders() {
    return ledger.topHolders(nowNs());
  }

  long largestFreeBytes() {
    return free.largestBytes();
  }

  double maxOwnerShare() {
    return maxOwnerShare;
  }

  public long ownerLimitBytes() {
    return (long) (sizeBytes * maxOwnerShare);
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /** What the leases of one owner hold, the codec's memory beside the pool included. */
  public long leasedBytes(String owner) {
    return ledger.bytesOf(owner);
  }

  @Override
  public long leasedBytes() {
    return leasedBytes;
  }

  @Override
  public long peakBytes() {
    return peakBytes;
  }

  @Override
  public int leasesOutstanding() {
    return leasesOutstanding;
  }

  @Override
  public int framesOutstanding() {
    return framesOutstanding;
  }

  @Override
  public int overdueCount() {
    return overdueCount;
  }

  /**
   * Frees the memory.
   *
   * @throws IllegalStateException if a frame or a lease is still out; names where it was taken. The
   *     memory is then left to whoever owns it
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (ledger.frames() > 0 || ledger.leases() > 0) {
      throw ledger.leak();
    }
    closed = true;
    memory.close();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("frame pool is closed");
    }
  }

  private void charge(long bytes) {
    leasedBytes += bytes; // written by the task thread alone
    if (leasedBytes > peakBytes) {
      peakBytes = leasedBytes;
    }
  }
}
