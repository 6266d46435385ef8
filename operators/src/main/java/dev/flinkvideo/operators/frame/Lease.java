package dev.flinkvideo.operators.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.MemoryUtils;

/**
 * The slots of one decoder, all of one size. It ends when {@link #close} was called and the last
 * slot has come back, for a codec may hold pictures a little longer than its holder. Task thread
 * only.
 */
public final class Lease implements AutoCloseable {
  private final FramePool pool;
  private final String owner;
  private final long slotBytes;
  private final long outsideBytes;
  private final long generation;
  private final long takenAtNs;

  private final List<Slot> slots = new ArrayList<>();

  /**
   * Slots not taken; a stack, so that the warmest memory is used next. At its bottom are those that
   * hold what was {@linkplain #forgetPictures forgotten}.
   */
  private final List<Slot> idle = new ArrayList<>();

  /** How often pictures were forgotten. */
  private long era;

  private long lastUsedNs;
  private long closedAtNs;
  private boolean closed;
  private boolean ended;

  /** One place for a picture. */
  public static final class Slot {
    private final int index;
    private final long offset;
    private final long address;
    private boolean taken;

    /** When what it holds was written. */
    private long era;

    private Slot(int index, long offset, long address) {
      this.index = index;
      this.offset = offset;
      this.address = address;
    }

    /** Position within the lease, from 0. */
    public int index() {
      return index;
    }

    public long address() {
      return address;
    }
  }

  Lease(FramePool pool, String owner, long slotBytes, long outsideBytes) {
    this.pool = pool;
    this.owner = owner;
    this.slotBytes = slotBytes;
    this.outsideBytes = outsideBytes;
    this.generation = pool.nextGeneration();
    this.takenAtNs = pool.nowNs();
    this.lastUsedNs = takenAtNs;
  }

  /**
   * Adds {@code count} slots; false if there was room for fewer. In one piece where there is one,
   * because that leaves one behind (docs/memory.md).
   */
  boolean grow(int count) {
    long offset = pool.take(owner, count * slotBytes);
    if (offset >= 0) {
      for (int i = 0; i < count; i++) {
        add(offset + i * slotBytes);
      }
      return true;
    }
    for (int i = 0; i < count; i++) {
      if (!grow()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds a slot; false if the pool has none to give. The slot is zeroed: it may hold another
   * session's picture.
   */
  public boolean grow() {
    if (closed) {
      throw new IllegalStateException("lease of " + owner + " is closed");
    }
    long offset = pool.take(owner, slotBytes);
    if (offset < 0) {
      return false;
    }
    add(offset);
    return true;
  }

  private void add(long offset) {
    long address = pool.address(offset);
    MemoryUtils.UNSAFE.setMemory(address, slotBytes, (byte) 0);
    Slot slot = new Slot(slots.size(), offset, address);
    slot.era = era;
    slots.add(slot);
    idle.add(slot);
  }

  /**
   * What the slots hold now will never be seen through a slot taken later, nor does it matter to
   * which of them is taken when: each is zeroed once before it is used again.
   */
  public void forgetPictures() {
    era++;
  }

  /** A slot to write a picture into, or null if all are taken. */
  public Slot take() {
    if (idle.isEmpty()) {
      return null;
    }
    Slot slot = idle.remove(idle.size() - 1);
    slot.taken = true;
    if (slot.era != era) {
      MemoryUtils.UNSAFE.setMemory(slot.address, slotBytes, (byte) 0);
      slot.era = era;
    }
    lastUsedNs = pool.nowNs();
    return slot;
  }

  /** Takes a slot back. Giving one back twice throws. */
  public void give(int index) {
    Slot slot = slots.get(index);
    if (!slot.taken) {
      throw new IllegalStateException("slot %d of %s was given back twice".formatted(index, owner));
    }
    slot.taken = false;
    idle.add(slot.era == era ? idle.size() : 0, slot);
    endIfDone();
  }

  public Slot slot(int index) {
    return slots.get(index);
  }

  public int slots() {
    return slots.size();
  }

  /** Slots that hold a picture now. */
  public int taken() {
    return slots.size() - idle.size();
  }

  public String owner() {
    return owner;
  }

  /** Running number among all leases and frames of the pool. */
  public long generation() {
    return generation;
  }

  /** Slots and what its holder allocates outside the pool. */
  public long bytes() {
    return slots.size() * slotBytes + outsideBytes;
  }

  /** When it was taken, by {@link System#nanoTime}. */
  public long takenAtNs() {
    return takenAtNs;
  }

  /** When a slot of it was last taken. */
  public long lastUsedNs() {
    return lastUsedNs;
  }

  long closedAtNs() {
    return closedAtNs;
  }

  boolean isClosed() {
    return closed;
  }

  /** No new slots will be taken; the lease ends when the last one has come back. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closedAtNs = pool.nowNs();
    }
    endIfDone();
  }

  private void endIfDone() {
    if (!closed || ended || idle.size() < slots.size()) {
      return;
    }
    ended = true;
    slots.forEach(slot -> pool.give(slot.offset, slotBytes));
    pool.ended(this, outsideBytes);
  }
}
