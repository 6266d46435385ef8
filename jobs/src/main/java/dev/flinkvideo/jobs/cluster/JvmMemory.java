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
  /** The last line of a class histogram: instances and bytes of all classes. */
  private static final Pattern LIVE = Pattern.compile("Total +\\d+ +(\\d+)");

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

  /**
   * All objects that are left after a full collection, which this asks for. What the heap says is
   * in use counts whole regions, of 8 MiB each here.
   */
  public long liveHeapBytes() throws IOException {
    return number(LIVE, jcmd("GC.class_histogram"));
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
