package dev.flinkvideo.operators.frame;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

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

  /** Keeps a stack trace per frame, so that a leak names its line. On in every test. */
  private static final boolean TRACE = Boolean.getBoolean("flinkvideo.frames.trace");

  private final FrameMemory memory;
  private final long baseAddress;
  private final long sizeBytes;

  /** Free extents: offset to length. */
  private final TreeMap<Long, Long> free = new TreeMap<>();

  private final Map<Lease, Boolean> leases = new IdentityHashMap<>();
  private final Map<Frame, Throwable> frames = new IdentityHashMap<>();
  private boolean closed;

  private volatile long leasedBytes;
  private volatile long peakBytes;
  private volatile int framesOutstanding;

  public FramePool(FrameMemory memory) {
    this.memory = memory;
    this.baseAddress = (memory.address() + PAGE_BYTES - 1) & -PAGE_BYTES;
    long lost = baseAddress - memory.address();
    this.sizeBytes = Math.max(0, (memory.sizeBytes() - lost) / PAGE_BYTES * PAGE_BYTES);
    if (sizeBytes > 0) {
      free.put(0L, sizeBytes);
    }
  }

  /**
   * Leases {@code slots} slots of at least {@code slotBytes} each.
   *
   * @param owner the session, for messages
   * @param outsideBytes what the holder allocates outside the pool, charged against the same budget
   * @throws PoolExhaustedException if that does not fit beside what is leased now, or ever
   */
  public Lease lease(String owner, int slots, long slotBytes, long outsideBytes)
      throws PoolExhaustedException {
    checkOpen();
    long roundedBytes = (slotBytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    Lease lease = new Lease(this, owner, roundedBytes, outsideBytes);
    leases.put(lease, Boolean.TRUE);
    charge(outsideBytes);
    for (int i = 0; i < slots; i++) {
      if (!lease.grow()) {
        long requestedBytes = slots * roundedBytes + outsideBytes;
        lease.close();
        throw new PoolExhaustedException(requestedBytes, sizeBytes, sizeBytes - leasedBytes);
      }
    }
    return lease;
  }

  /** Offset of a new slot, or -1 if the budget or the block has no room. */
  long takeSlot(long slotBytes) {
    if (leasedBytes + slotBytes > sizeBytes) {
      return -1;
    }
    for (Map.Entry<Long, Long> extent : free.entrySet()) {
      long offset = extent.getKey();
      long length = extent.getValue();
      if (length >= slotBytes) {
        free.remove(offset);
        if (length > slotBytes) {
          free.put(offset + slotBytes, length - slotBytes);
        }
        charge(slotBytes);
        return offset;
      }
    }
    return -1;
  }

  void giveSlot(long offset, long slotBytes) {
    charge(-slotBytes);
    long start = offset;
    long length = slotBytes;
    Map.Entry<Long, Long> before = free.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      start = before.getKey();
      length += before.getValue();
    }
    Long after = free.remove(offset + slotBytes);
    if (after != null) {
      length += after;
    }
    free.put(start, length);
  }

  void ended(Lease lease, long outsideBytes) {
    if (leases.remove(lease) != null) {
      charge(-outsideBytes);
    }
  }

  void opened(Frame frame) {
    checkOpen();
    frames.put(frame, TRACE ? new Throwable("frame of " + frame.owner() + " taken here") : null);
    framesOutstanding = frames.size();
  }

  void closed(Frame frame) {
    frames.remove(frame);
    framesOutstanding = frames.size();
  }

  long address(long offset) {
    return baseAddress + offset;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
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
  public int framesOutstanding() {
    return framesOutstanding;
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
    if (!frames.isEmpty() || !leases.isEmpty()) {
      throw leak();
    }
    closed = true;
    memory.close();
  }

  private IllegalStateException leak() {
    StringBuilder owners = new StringBuilder();
    frames.keySet().forEach(frame -> owners.append(" frame of ").append(frame.owner()).append(';'));
    leases.keySet().forEach(lease -> owners.append(" lease of ").append(lease.owner()).append(';'));
    IllegalStateException leak =
        new IllegalStateException(
            "frame pool closed with %d frames and %d leases out:%s set -Dflinkvideo.frames.trace=true to see where"
                .formatted(frames.size(), leases.size(), owners));
    frames.values().stream().filter(taken -> taken != null).forEach(leak::addSuppressed);
    return leak;
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
