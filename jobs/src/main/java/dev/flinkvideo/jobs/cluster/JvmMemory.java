package dev.flinkvideo.jobs.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What memory a JVM of this machine has, seen from outside. Any thread. */
public final class JvmMemory {
  /** {@code garbage-first heap total 409600K, used 34567K [...]}, alike for other collectors. */
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");
  private static final int KIB = 1024;

  private final long pid;

  public JvmMemory(JvmProcess process) {
    this.pid = process.pid();
  }

  /**
   * All of it that is in RAM, but for what malloc keeps for reuse, which this makes it give back
   * (where the JVM can: 17.0.9 and newer, on Linux).
   */
  public long residentBytes() throws IOException {
    jcmd("System.trim_native_heap");
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (Files.exists(status)) {
      return number(RESIDENT, Files.readString(status)) * KIB;
    }
    String kib = output(List.of("ps", "-o", "rss=", "-p", Long.toString(pid)));
    return Long.parseLong(kib.strip()) * KIB;
  }

  /** What of the heap is left after a full collection, which this asks for. */
  public long liveHeapBytes() throws IOException {
    jcmd("GC.run");
    return number(USED, jcmd("GC.heap_info")) * KIB;
  }

  private String jcmd(String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return output(List.of(jcmd.toString(), Long.toString(pid), command));
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private static long number(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no '%s' in: %s".formatted(pattern, text.strip()));
    }
    return Long.parseLong(matcher.group(1));
  }
}
