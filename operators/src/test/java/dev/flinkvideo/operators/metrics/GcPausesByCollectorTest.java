package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs with each collector, their own log of safepoints beside what we counted. */
class GcPausesByCollectorTest {
  /** {@code Safepoint "G1CollectFull", ... Total: 4711 ns}, as Java 17 to 25 write it. */
  private static final Pattern STOP = Pattern.compile("Safepoint \"(\\w+)\".*Total:\\s*(\\d+) ns");

  /** What other stops are called has none of these in it. */
  private static final Pattern COLLECTS = Pattern.compile("G1|Parallel|Gen|^Z|^XMark|Collect");

  /** Starting the flight recorder fills metaspace, which is collected for. */
  private static final int BEFORE_THE_RECORDING = 4;

  /** The events are written just outside of what the log measures. */
  private static final long AROUND_A_STOP_US = 100;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"UseG1GC", "UseParallelGC", "UseZGC"})
  void shouldAgreeWithTheLogOfTheJvm(String collector) throws Exception {
    Path log = directory.resolve("safepoints.log");
    Process jvm =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+" + collector,
                    "-Xmx256m",
                    "-Xlog:safepoint:file=" + log,
                    "-cp",
                    System.getProperty("java.class.path"),
                    CollectingProgram.class.getName()))
            .redirectErrorStream(true)
            .start();
    String[] counted = new String(jvm.getInputStream().readAllBytes()).strip().split("\\s+");
    assertThat(jvm.waitFor()).as(String.join(" ", counted)).isZero();

    List<MatchResult> logged =
        Files.readAllLines(log).stream()
            .flatMap(line -> STOP.matcher(line).results())
            .filter(stop -> COLLECTS.matcher(stop.group(1)).find())
            .toList();
    int count = Integer.parseInt(counted[0]);
    assertThat(count).isGreaterThanOrEqualTo(CollectingProgram.COLLECTIONS);
    assertThat(logged.size() - count).isBetween(0, BEFORE_THE_RECORDING);
    long loggedUs =
        logged.subList(logged.size() - count, logged.size()).stream()
                .mapToLong(stop -> Long.parseLong(stop.group(2)))
                .sum()
            / 1_000;
    assertThat(Long.parseLong(counted[1]))
        .isCloseTo(loggedUs, within(loggedUs / 10 + count * AROUND_A_STOP_US));
  }
}
