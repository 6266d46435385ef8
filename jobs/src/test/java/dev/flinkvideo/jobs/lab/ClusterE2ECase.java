package dev.flinkvideo.jobs.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.cluster.RunningJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of separate processes and a broker; what happens to the job when they are killed. */
@EnabledOnOs(OS.LINUX)
@Timeout(400)
class ClusterE2ECase {
  private static final Installation INSTALLATION =
      new Installation(Path.of(System.getProperty("project.root", "..")));
  private static final int SESSIONS = 8;
  private static final int KILLS = 3;
  private static final Duration CLIP = Duration.ofSeconds(10);

  @TempDir private static Path logs;
  private static Bench bench;

  @BeforeAll
  @Timeout(180)
  static void setUp() throws Exception {
    bench = Bench.setUp(INSTALLATION, logs, 2, Map.of());
  }

  @AfterAll
  static void tearDown() throws Exception {
    bench.close();
  }

  @Test
  void shouldLoseAndDoubleNothingWhenTaskManagersAreKilled() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed of the kills: " + seed);
    JobUnderTest once = JobUnderTest.exact("once", Delivery.EXACTLY_ONCE);
    JobUnderTest calm = JobUnderTest.exact("calm", Delivery.AT_LEAST_ONCE);
    long t0 = System.nanoTime();
    RunningJob killed = bench.submit(once, 2);
    System.out.println("submitted " + (System.nanoTime() - t0) / 1e9);
    List<Kill> kills;
    try (LiveSessions live = new LiveSessions(bench.bootstrap(), clips(), SESSIONS, CLIP)) {
      kills = new KillSeries(bench.cluster(), List.of(killed), new Random(seed)).run(KILLS);
      System.out.println("pictures " + live.pictures());
    }
    System.out.println(kills + " " + (System.nanoTime() - t0) / 1e9);
    TopicEnds.awaitRead(bench.bootstrap(), once.name());
    System.out.println("read " + (System.nanoTime() - t0) / 1e9);
    killed.drain(bench.savepoints());
    System.out.println("drained " + (System.nanoTime() - t0) / 1e9);
    RunningJob reference = bench.submit(calm, 2);
    System.out.println("reference " + (System.nanoTime() - t0) / 1e9);
    TopicEnds.awaitRead(bench.bootstrap(), calm.name());
    System.out.println("read " + (System.nanoTime() - t0) / 1e9);
    reference.drain(bench.savepoints());
    System.out.println("drained " + (System.nanoTime() - t0) / 1e9);

    Comparison comparison =
        Comparison.of(
            TopicReader.observations(bench.bootstrap(), calm.written().observations()),
            TopicReader.observations(bench.bootstrap(), once.written().observations()));
    System.out.println(comparison + " " + (System.nanoTime() - t0) / 1e9);
    assertThat(comparison.isEqualButForRepetition()).isTrue();
  }

  private static List<Path> clips() throws Exception {
    Path footage = INSTALLATION.footage();
    return Stream.of("car-detection.mp4", "one-by-one-person-detection.mp4", "bottle-detection.mp4")
        .map(footage::resolve)
        .toList();
  }
}
