package dev.flinkvideo.jobs.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.cluster.JvmMemory;
import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/**
 * A cluster of separate processes and a broker. Eight sessions are live while two jobs, one of each
 * delivery, read them and TaskManagers are killed under both; a third reads the same log in peace.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class ClusterE2ECase {
  private static final Installation INSTALLATION =
      new Installation(Path.of(System.getProperty("project.root", "..")));
  private static final int SESSIONS = 8;
  private static final int KILLS = 3;
  private static final int WARM_UP_RESTARTS = 5;
  private static final int RESTARTS = 20;
  private static final long MOST_LEAKED_BYTES = 20_000_000;

  private static final Map<String, String> FLINK =
      Map.of(
          // Room for both jobs on the TaskManager that is left.
          "taskmanager.numberOfTaskSlots", "4",
          // Processes that live for seconds spend more on compiling well than they gain.
          "env.java.default-opts.all", "-XX:TieredStopAtLevel=1",
          // Else the first use of each page of the heap would look like a leak.
          "env.java.default-opts.taskmanager", "-XX:+AlwaysPreTouch");

  private static final JobUnderTest AT_LEAST_ONCE =
      JobUnderTest.exact("at-least-once", Delivery.AT_LEAST_ONCE);
  private static final JobUnderTest EXACTLY_ONCE =
      JobUnderTest.exact("exactly-once", Delivery.EXACTLY_ONCE);
  private static final JobUnderTest CALM = JobUnderTest.exact("calm", Delivery.AT_LEAST_ONCE);

  @TempDir private static Path directory;
  private static Bench bench;
  private static long seed;
  private static List<SeenObservation> expected;
  private static final List<Long> POOLS_BEFORE = new ArrayList<>();
  private static final List<Long> POOLS_AFTER = new ArrayList<>();

  /** What a pool loses to begin at a page of its own. */
  private static final long PAGE_BYTES = 64 << 10;

  @BeforeAll
  @Timeout(600)
  static void killTaskManagersUnderLiveSessions() throws Exception {
    seed = Long.getLong("seed", new Random().nextInt(Integer.MAX_VALUE));
    System.out.println("ClusterE2ECase: repeat the kills with -Dseed=" + seed);
    bench = Bench.setUp(INSTALLATION, directory, 2, FLINK);
    RunningJob atLeastOnce = bench.submit(AT_LEAST_ONCE, 2);
    RunningJob exactlyOnce = bench.submit(EXACTLY_ONCE, 2);
    List<RunningJob> jobs = List.of(atLeastOnce, exactlyOnce);
    try (LiveSessions live = LiveSessions.of(bench.bootstrap(), clips(), SESSIONS)) {
      Waiting.until("sessions are live", Duration.ofSeconds(30), () -> live.pictures() > 0);
      notePools(jobs, POOLS_BEFORE);
      new KillSeries(bench.cluster(), jobs, new Random(seed)).run(KILLS);
      notePools(jobs, POOLS_AFTER);
    }
    bench.finish(atLeastOnce, AT_LEAST_ONCE);
    bench.finish(exactlyOnce, EXACTLY_ONCE);
    bench.finish(bench.submit(CALM, 2), CALM);
    expected = bench.observations(CALM);
  }

  @AfterAll
  static void tearDown() throws Exception {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void shouldJudgeEveryPictureAsIfNothingHadHappened() throws Exception {
    Comparison comparison = Comparison.of(expected, bench.observations(AT_LEAST_ONCE));

    assertThat(comparison.isEqualButForRepetition()).as(comparison + " seed=" + seed).isTrue();
  }

  @Test
  void shouldShowEveryPictureOnceToConsumersOfCommittedRecords() throws Exception {
    Comparison comparison = Comparison.of(expected, bench.observations(EXACTLY_ONCE));

    assertThat(comparison.isEqualButForRepetition()).as(comparison + " seed=" + seed).isTrue();
    assertThat(comparison.doubled()).as(comparison + " seed=" + seed).isZero();
  }

  @Test
  void shouldHaveAllItsMemoryAfterEachRestart() {
    assertThat(POOLS_BEFORE).hasSize(4).allMatch(bytes -> bytes > PAGE_BYTES);
    assertThat(POOLS_AFTER)
        .zipSatisfy(
            POOLS_BEFORE,
            (after, before) -> assertThat(after).isCloseTo(before, within(PAGE_BYTES)));
  }

  @Test
  void shouldGoOnFromSavepointsWithOtherParallelism() throws Exception {
    JobUnderTest job = JobUnderTest.exact("rescaled", Delivery.AT_LEAST_ONCE);
    RunningJob one = bench.submit(job, 1);
    bench.awaitRead(job, 0.3);
    String first = bench.cluster().stop(one, bench.newDirectory());
    RunningJob three = bench.cluster().submit(bench.submission(job, 3).from(first));
    bench.awaitRead(job, 0.6);
    String aside = bench.cluster().savepoint(three, bench.newDirectory());
    String second = bench.cluster().stop(three, bench.newDirectory());
    RunningJob two = bench.cluster().submit(bench.submission(job, 2).from(second));
    bench.finish(two, job);

    Comparison comparison = Comparison.of(expected, bench.observations(job));
    assertThat(comparison.isEqualButForRepetition()).as(comparison.toString()).isTrue();
    assertThat(comparison.doubled()).isZero();
    assertThat(Path.of(URI.create(aside))).isDirectoryContaining("glob:**_metadata");
  }

  @Test
  void shouldLeakNoNativeMemoryWhenItsJobRestartsOverAndOver() throws Exception {
    keepOneTaskManager();
    String only = bench.cluster().taskManagers().iterator().next();
    JvmMemory memory = new JvmMemory(bench.cluster().taskManager(only));
    failRepeatedly("warm-up", WARM_UP_RESTARTS);
    long liveBefore = memory.liveHeapBytes(); // collects, which unloads the classes of jobs gone
    long before = memory.residentBytes();
    failRepeatedly("leaking", RESTARTS);
    long liveAfter = memory.liveHeapBytes();
    long after = memory.residentBytes();

    assertThat(bench.cluster().managedBytesAfterRelease()).isZero();
    assertThat(after - before)
        .as("resident %d then %d, live heap %d then %d", before, after, liveBefore, liveAfter)
        .isLessThan(MOST_LEAKED_BYTES);
  }

  private static void keepOneTaskManager() throws Exception {
    List<String> all = List.copyOf(bench.cluster().taskManagers());
    for (String surplus : all.subList(1, all.size())) {
      bench.cluster().killTaskManager(surplus);
    }
    bench.cluster().awaitTaskManagers();
  }

  private static void failRepeatedly(String name, int times) throws Exception {
    JobUnderTest job =
        new JobUnderTest(
            name,
            Delivery.AT_LEAST_ONCE,
            List.of("--analyze.analyzers", "black;" + FailingAnalyzerFactory.NAME));
    RunningJob running =
        bench
            .cluster()
            .submit(
                bench
                    .submission(job, 1)
                    .withJar(FailingAnalyzerFactory.jar(directory))
                    .withFlink(
                        Map.of(
                            // No progress: every restart begins with the first picture.
                            "execution.checkpointing.interval", "1h",
                            "restart-strategy.type", "fixed-delay",
                            "restart-strategy.fixed-delay.attempts", "1000",
                            "restart-strategy.fixed-delay.delay", "100ms")));
    Waiting.until(
        "job %s restarted %d times".formatted(name, times),
        Duration.ofSeconds(120),
        () -> running.restarts() >= times);
    running.cancel();
  }

  private static void notePools(List<RunningJob> jobs, List<Long> pools) throws Exception {
    for (RunningJob job : jobs) {
      pools.addAll(job.metric("decode." + DecodeMetrics.POOL_SIZE_BYTES));
    }
  }

  private static List<Path> clips() throws Exception {
    Path footage = INSTALLATION.footage();
    return Stream.of("car-detection.mp4", "one-by-one-person-detection.mp4", "bottle-detection.mp4")
        .map(footage::resolve)
        .toList();
  }
}
