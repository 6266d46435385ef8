package dev.flinkvideo.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU time of all threads of this process by name, from {@code /proc/self/task} (proc(5)); in ticks
 * of 10 ms, names cut to 15 characters. Empty where there is no {@code /proc}.
 */
final class NativeThreads {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final long TICK_NS = 10_000_000; // USER_HZ is 100 on every architecture of Java's

  /** Fields after the name, which is in parentheses and may hold anything. */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;

  private NativeThreads() {}

  static Map<String, Long> cpuNs() {
    Map<String, Long> cpuNs = new HashMap<>();
    if (!Files.isDirectory(TASKS)) {
      return cpuNs;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        add(task.resolve("stat"), cpuNs);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return cpuNs;
  }

  private static void add(Path stat, Map<String, Long> cpuNs) {
    String line;
    try {
      line = Files.readString(stat);
    } catch (IOException e) {
      return; // the thread has ended meanwhile
    }
    int nameEnd = line.lastIndexOf(')');
    String name = line.substring(line.indexOf('(') + 1, nameEnd);
    String[] fields = line.substring(nameEnd + 2).split(" ");
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    cpuNs.merge(name, ticks * TICK_NS, Long::sum);
  }
}
