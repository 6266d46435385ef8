package dev.flinkvideo.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of the same Java as this one, as a process of its own; what it prints goes to a file. Owned
 * by whoever starts it, who closes it. One thread at a time.
 */
public final class JvmProcess implements AutoCloseable {
  private static final Duration END_WITHIN = Duration.ofSeconds(15);
  private static final int TAIL_LINES = 5;

  /** glibc gives every thread an arena of its own, which FFmpeg's large buffers never give back. */
  private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

  private final String name;
  private final Path log;
  private final Process process;

  private JvmProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * @param arguments of {@code java}
   * @param environment besides that of this process
   */
  static JvmProcess start(
      String name, Path log, List<String> arguments, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(ENVIRONMENT);
    builder.environment().putAll(environment);
    return new JvmProcess(name, log, builder.start());
  }

  /**
   * The launcher, with a small heap.
   *
   * @param logs a directory, made if need be
   * @param command of {@code flink-video}, with its options
   */
  static JvmProcess launcher(
      Installation installation, String name, Path logs, List<String> command) throws IOException {
    Files.createDirectories(logs);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "@" + installation.jvmOptions(),
                "-Xmx512m",
                "-cp",
                installation.launcherClasspath(),
                "dev.flinkvideo.jobs.cli.FlinkVideo"));
    arguments.addAll(command);
    return start(name, logs.resolve(name + ".log"), arguments, Map.of());
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: it has no chance to say anything to anybody. Returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end. */
  void terminate() {
    process.destroy();
  }

  /** Its exit code. */
  int awaitEnd(Duration atMost) throws IOException, InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException(
          "%s has not ended within %d s: see %s".formatted(name, atMost.toSeconds(), log));
    }
    return process.exitValue();
  }

  /** The first line it printed that contains {@code text}, once it is there. */
  String awaitLine(String text, Duration atMost) throws Exception {
    Waiting.until(
        "%s prints '%s'".formatted(name, text),
        atMost,
        () -> {
          failUnlessAlive();
          return line(text).isPresent();
        });
    return line(text).orElseThrow();
  }

  Optional<String> line(String text) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(text)).findFirst();
    }
  }

  void failUnlessAlive() throws IOException {
    if (!isAlive()) {
      throw new IOException(
          "%s has ended with code %d: %s (%s)".formatted(name, process.exitValue(), tail(), log));
    }
  }

  /** The last lines it printed, in one. */
  String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  /** Ends it, by force if it takes longer than a moment. Not cut short by an interrupt. */
  @Override
  public void close() {
    process.destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
