package dev.flinkvideo.operators.metrics;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Heap that the calling thread allocated per frame, exactly: pictures must not be among it. Counts
 * whatever the thread does, so also the records around the frames. Made and updated by the task
 * thread; the figure may be read from any.
 */
public final class HeapPerFrame {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long startBytes = allocatedBytes();
  private long frames;
  private volatile long bytesPerFrame;

  /** Another frame is done. */
  public void frame() {
    frames++;
    if ((frames & 0xf) == 0) {
      bytesPerFrame = (allocatedBytes() - startBytes) / frames;
    }
  }

  public long bytesPerFrame() {
    return bytesPerFrame;
  }

  /** Bytes the calling thread has allocated so far. */
  public static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
