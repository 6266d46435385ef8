package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs bin/flink-video as a process of its own, with a temporary directory of its own. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(120)
class LauncherE2ECase {
  private static final Path LAUNCHER =
      Path.of(System.getProperty("project.root", ".."), "bin", "flink-video").toAbsolutePath();

  @TempDir private Path directory;
  private Process process;

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldShowItsHelpFromAnyDirectory() throws Exception {
    start(LAUNCHER, "--help");

    assertThat(output()).contains("Usage: flink-video", "broker", "tail");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void shouldFindItselfThroughLinks() throws Exception {
    Path absolute = Files.createSymbolicLink(directory.resolve("absolute"), LAUNCHER);
    Path relative = Files.createSymbolicLink(directory.resolve("relative"), absolute.getFileName());
    start(relative, "--version");

    assertThat(output()).startsWith("flink-video ");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void shouldEndWithCode2OnABadOption() throws Exception {
    start(LAUNCHER, "broker", "--no-such-option");

    assertThat(output()).contains("--no-such-option").hasLineCount(1);
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void shouldStopTheBrokerOnASignalAndLeaveNothingBehind(String signal) throws Exception {
    start(LAUNCHER, "broker", "--port", "0");
    BufferedReader lines = process.inputReader(UTF_8);
    assertThat(lines.readLine()).matches("kafka ready at 127\\.0\\.0\\.1:\\d+");

    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(lines.readLine()).isNull();
    assertThat(process.exitValue()).isZero();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void shouldNotPassAnExperimentThatIsCutShort(String signal) throws Exception {
    start(LAUNCHER, "lab", "run", "soak", "--report", directory.resolve("report").toString());
    BufferedReader lines = process.inputReader(UTF_8);
    assertThat(lines.readLine()).startsWith("starting a Kafka broker");
    List<ProcessHandle> children = process.descendants().toList();

    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(directory.resolve("report/soak.json")).doesNotExist();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void shouldRefuseAnOldJavaInAWordOrTwo() throws Exception {
    Path home = Files.createDirectories(directory.resolve("jdk8/bin")).getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    Path java = Files.createFile(home.resolve("bin/java"));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = builder(LAUNCHER, "--help");
    builder.environment().put("JAVA_HOME", home.toString());
    process = builder.start();

    assertThat(output()).contains("1.8.0_402", "JDK 17 or newer is needed").hasLineCount(1);
    assertThat(process.waitFor()).isOne();
  }

  private void start(Path launcher, String... args) throws IOException {
    process = builder(launcher, args).start();
  }

  /** Its exec makes the JVM the process itself, so that signals reach it. */
  private ProcessBuilder builder(Path launcher, String... args) {
    List<String> command = new ArrayList<>();
    if (OS.LINUX.isCurrentOs()) { // a shell's background jobs are started with SIGINT ignored
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(launcher.toString());
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", "-Djava.io.tmpdir=" + directory);
    return builder;
  }

  private String output() throws IOException {
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
