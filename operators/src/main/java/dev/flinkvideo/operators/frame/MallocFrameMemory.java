package dev.flinkvideo.operators.frame;

import org.apache.flink.core.memory.MemoryUtils;

/**
 * Plain malloc, for {@code inspect} and benchmarks, and the block under {@link ManagedFrameMemory}.
 * Not {@code ByteBuffer.allocateDirect}: that counts against {@code -XX:MaxDirectMemorySize}, which
 * Flink sizes without managed memory, and is freed only when the collector gets to it. glibc maps a
 * block of 32 MiB or more by itself, so pages that are never touched cost nothing and closing gives
 * all of it back.
 */
public final class MallocFrameMemory implements FrameMemory {
  /** What the widest vector instructions want. */
  private static final int ALIGNMENT_BYTES = 64;

  private final long sizeBytes;
  private long address;

  public MallocFrameMemory(long sizeBytes) {
    this.sizeBytes = sizeBytes;
    this.address = MemoryUtils.UNSAFE.allocateMemory(sizeBytes + ALIGNMENT_BYTES);
  }

  @Override
  public long address() {
    if (address == 0) {
      throw new IllegalStateException("frame memory is closed");
    }
    return (address + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Takes all pages now, which otherwise come with their first use. */
  void touch() {
    MemoryUtils.UNSAFE.setMemory(address(), sizeBytes, (byte) 0);
  }

  @Override
  public void close() {
    if (address != 0) {
      MemoryUtils.UNSAFE.freeMemory(address);
      address = 0;
    }
  }
}
