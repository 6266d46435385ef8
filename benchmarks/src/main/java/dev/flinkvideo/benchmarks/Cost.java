package dev.flinkvideo.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What frames have cost the calling thread. */
record Cost(long frames, long cpuNs, long heapBytes) {
  static final Cost NOTHING = new Cost(0, 0, 0);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Something that gives frames. */
  @FunctionalInterface
  interface Work {
    int frames();
  }

  static Cost of(Work work) {
    long heapBytes = THREADS.getCurrentThreadAllocatedBytes();
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    int frames = work.frames();
    cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
    heapBytes = THREADS.getCurrentThreadAllocatedBytes() - heapBytes;
    return new Cost(frames, cpuNs, heapBytes);
  }

  Cost plus(Cost other) {
    return new Cost(frames + other.frames, cpuNs + other.cpuNs, heapBytes + other.heapBytes);
  }

  double cpuMsPerFrame() {
    return cpuNs / 1e6 / frames;
  }

  double heapBytesPerFrame() {
    return (double) heapBytes / frames;
  }
}
