package dev.flinkvideo.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the stack of the task thread every few milliseconds while the job runs, and counts what
 * it finds it doing. That disturbs the thread, so it is done in a round of its own. A thread in
 * FFmpeg is seen there exactly; one in Java is seen at its next safepoint, which is near enough to
 * tell these parts apart.
 */
final class TaskSamples implements AutoCloseable {
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final int STACK_DEPTH = 64;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Map<TaskPart, Integer> counts = new EnumMap<>(TaskPart.class);
  private final Thread sampler = new Thread(this::sample, "stage samples");
  private volatile boolean stopped;

  TaskSamples() {
    sampler.start();
  }

  /** After {@link #close}: how often the thread was seen at each, idle times left out. */
  Map<TaskPart, Integer> counts() {
    return counts;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      sampler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample() {
    long taskThread = taskThread();
    while (!stopped && taskThread >= 0) {
      ThreadInfo seen = THREADS.getThreadInfo(taskThread, STACK_DEPTH);
      if (seen != null && seen.getThreadState() == Thread.State.RUNNABLE) {
        counts.merge(TaskPart.of(seen.getStackTrace()), 1, Integer::sum);
      }
      LockSupport.parkNanos(INTERVAL_NS);
    }
  }

  private static long taskThread() {
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(thread -> thread != null)
        .filter(thread -> Stage.ofJava(thread.getThreadName()) == Stage.DECODE_TASK)
        .mapToLong(ThreadInfo::getThreadId)
        .findFirst()
        .orElse(-1);
  }
}
