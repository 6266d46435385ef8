package dev.flinkvideo.operators.frame;

import org.apache.flink.runtime.memory.MemoryManager;
import org.apache.flink.runtime.memory.MemoryReservationException;

/**
 * An operator's share of its slot's managed memory. Flink only keeps the account ({@code
 * reserveMemory}); the bytes are malloc'ed. The account outlives a failed task: a reservation that
 * is not given back starves every later attempt in the slot, so {@link #close} must run on every
 * path, and does so before anything else can fail.
 */
public final class ManagedFrameMemory implements FrameMemory {
  private final MemoryManager manager;
  private final MallocFrameMemory memory;
  private boolean open = true;

  /**
   * @param fraction of the slot's managed memory, as the operator's configuration states it
   * @throws IllegalStateException if there is nothing to reserve or somebody else has it; names the
   *     remedy
   */
  public ManagedFrameMemory(MemoryManager manager, double fraction, String operator) {
    if (fraction <= 0) {
      throw new IllegalStateException(
          operator
              + ": no managed memory is declared for this operator. Build it with DecodeStream, and give OPERATOR a"
              + " weight above 0 in taskmanager.memory.managed.consumer-weights");
    }
    this.manager = manager;
    long bytes = manager.computeMemorySize(fraction);
    try {
      manager.reserveMemory(this, bytes);
    } catch (MemoryReservationException e) {
      throw new IllegalStateException(
          "%s: the slot has no %d bytes of managed memory left, only %d of %d. Raise taskmanager.memory.managed.size"
              .formatted(operator, bytes, manager.availableMemory(), manager.getMemorySize()),
          e);
    }
    MallocFrameMemory block;
    try {
      block = new MallocFrameMemory(bytes);
    } catch (Throwable t) {
      manager.releaseMemory(this, bytes);
      throw t;
    }
    this.memory = block;
  }

  /** Takes all pages now, which otherwise come with their first use. */
  public void touch() {
    memory.touch();
  }

  @Override
  public long address() {
    return memory.address();
  }

  @Override
  public long sizeBytes() {
    return memory.sizeBytes();
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      memory.close();
      manager.releaseMemory(this, memory.sizeBytes());
    }
  }
}
