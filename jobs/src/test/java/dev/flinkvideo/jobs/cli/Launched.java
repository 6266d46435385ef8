package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * bin/flink-video as a process of its own, with a temporary directory of its own: what a terminal
 * is to a user. Whoever starts it closes it, which kills it if it still runs.
 */
final class Launched implements AutoCloseable {
  private static final Path LAUNCHER =
      Path.of(System.getProperty("project.root", ".."), "bin", "flink-video").toAbsolutePath();
  private static final Duration AT_MOST = Duration.ofSeconds(90);

  private static boolean built;

  private final String name;
  private final Path temporary;
  private final Path out;
  private final Path err;
  private final Process process;

  private Launched(Path directory, List<String> args) throws IOException {
    name = String.join(" ", args);
    Path own = Files.createTempDirectory(directory, args.get(0));
    temporary = Files.createDirectory(own.resolve("tmp"));
    out = own.resolve("out");
    err = own.resolve("err");
    // A shell without job control starts what is in its background with SIGINT ignored, and that is
    // inherited down to here; a terminal does not.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(LAUNCHER.toString());
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    process = builder.start();
  }

  /**
   * @param directory where its files lie
   */
  static Launched start(Path directory, String... args) throws IOException {
    build();
    return new Launched(directory, List.of(args));
  }

  /** What it says while it builds itself belongs to no test. */
  private static synchronized void build() throws IOException {
    if (built) {
      return;
    }
    Process version =
        new ProcessBuilder(LAUNCHER.toString(), "--version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    built = version.onExit().join().exitValue() == 0;
  }

  /** The first line on standard output that contains {@code text}, once it is there. */
  String awaitLine(String text) {
    await(name + " says " + text)
        .atMost(AT_MOST)
        .failFast(name + " has ended", () -> !process.isAlive() && lineWith(text).count() == 0)
        .until(() -> lineWith(text).findAny().isPresent());
    return lineWith(text).findFirst().orElseThrow();
  }

  List<String> lines() {
    return read(out).lines().toList();
  }

  /** As Ctrl-C in its terminal. */
  void interrupt() throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** It ends by itself, with code 0 and without complaints, and leaves nothing behind. */
  void assertEndsCleanly() throws Exception {
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS)).as(name).isTrue();
    assertThat(process.exitValue()).as(name + ": " + read(err)).isZero();
    assertThat(children).as(name).noneMatch(ProcessHandle::isAlive);
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).as("temporary files of " + name).isEmpty();
    }
    assertThat(read(err)).as(name).doesNotContain("WARN", "ERROR", "Exception");
  }

  /** It ends with this code, one line that says why, and leaves nothing behind. */
  void assertFails(int exitCode, String why) throws Exception {
    assertThat(process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS)).as(name).isTrue();
    assertThat(process.exitValue()).as(name + ": " + read(err)).isEqualTo(exitCode);
    assertThat(read(err)).as(name).hasLineCount(1).contains(why);
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).as("temporary files of " + name).isEmpty();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private Stream<String> lineWith(String text) {
    return lines().stream().filter(line -> line.contains(text));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
