package dev.flinkvideo.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.EnumMap;
import java.util.Map;

/**
 * What this process has used so far, or between two moments, by stage. Java's threads are asked one
 * by one; those of the virtual machine are seen by Linux only; what neither tells is the rest.
 *
 * @param cpuNs of the process, the benchmark's own threads left out
 */
record StageCosts(long cpuNs, Map<Stage, Long> stageCpuNs, Map<Stage, Long> stageHeapBytes) {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static StageCosts now() {
    Map<Stage, Long> cpuNs = new EnumMap<>(Stage.class);
    Map<Stage, Long> heapBytes = new EnumMap<>(Stage.class);
    long processNs = PROCESS.getProcessCpuTime();
    long[] ids = THREADS.getAllThreadIds();
    ThreadInfo[] threads = THREADS.getThreadInfo(ids);
    for (int i = 0; i < ids.length; i++) {
      if (threads[i] != null) {
        Stage stage = Stage.ofJava(threads[i].getThreadName());
        cpuNs.merge(stage, Math.max(0, THREADS.getThreadCpuTime(ids[i])), Long::sum);
        heapBytes.merge(stage, Math.max(0, THREADS.getThreadAllocatedBytes(ids[i])), Long::sum);
      }
    }
    NativeThreads.cpuNs()
        .forEach(
            (name, ns) -> {
              Stage stage = Stage.ofNative(name);
              if (stage != Stage.OTHER_NATIVE) { // Java's own threads are in that list, too
                cpuNs.merge(stage, ns, Long::sum);
              }
            });
    long knownNs = cpuNs.values().stream().mapToLong(Long::longValue).sum();
    cpuNs.put(Stage.OTHER_NATIVE, processNs - knownNs);
    return new StageCosts(processNs - cpuNs.getOrDefault(Stage.BENCHMARK, 0L), cpuNs, heapBytes);
  }

  /** What was used since then. Threads that ended meanwhile count as the rest. */
  StageCosts since(StageCosts earlier) {
    return new StageCosts(
        cpuNs - earlier.cpuNs,
        difference(stageCpuNs, earlier.stageCpuNs),
        difference(stageHeapBytes, earlier.stageHeapBytes));
  }

  StageCosts plus(StageCosts other) {
    Map<Stage, Long> cpu = new EnumMap<>(stageCpuNs);
    other.stageCpuNs.forEach((stage, ns) -> cpu.merge(stage, ns, Long::sum));
    Map<Stage, Long> heap = new EnumMap<>(stageHeapBytes);
    other.stageHeapBytes.forEach((stage, bytes) -> heap.merge(stage, bytes, Long::sum));
    return new StageCosts(cpuNs + other.cpuNs, cpu, heap);
  }

  private static Map<Stage, Long> difference(Map<Stage, Long> now, Map<Stage, Long> earlier) {
    Map<Stage, Long> difference = new EnumMap<>(Stage.class);
    now.forEach((stage, value) -> difference.put(stage, value - earlier.getOrDefault(stage, 0L)));
    return difference;
  }
}
