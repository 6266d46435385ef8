package dev.flinkvideo.operators.metrics;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Heap that the calling thread allocates per frame, exactly: pictures must not be among it. Counts
 * whatever the thread does, so also the records around the frames. What starting costs (classes,
 * buffers) is in the first {@value #WINDOW_FRAMES} frames and not in those after them. Made and
 * updated by the task thread; the figure may be read from any.
 */
public final class HeapPerFrame {
  /** The figure is that of the last full window; before there is one, of the frames so far. */
  static final int WINDOW_FRAMES = 1024;

  private static final int FIRST_FIGURES_EACH_FRAMES = 16;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long startBytes = allocatedBytes();
  private int frames;
  private boolean started;
  private volatile long bytesPerFrame;

  /** Another frame is done. */
  public void frame() {
    frames++;
    if (frames % (started ? WINDOW_FRAMES : FIRST_FIGURES_EACH_FRAMES) != 0) {
      return;
    }
    long bytes = allocatedBytes();
    bytesPerFrame = (bytes - startBytes) / frames;
    if (frames == WINDOW_FRAMES) {
      started = true;
      startBytes = bytes;
      frames = 0;
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
