package dev.flinkvideo.operators.frame;

/**
 * One contiguous block of native memory for a {@link FramePool}. Who makes the pool closes the
 * memory after it.
 */
public interface FrameMemory extends AutoCloseable {
  /** Where it begins, on a 64-byte boundary. */
  long address();

  long sizeBytes();

  /** Frees the block and gives back what was reserved for it. A second call does nothing. */
  @Override
  void close();
}
