package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.jobs.cluster.StandaloneCluster;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Kills TaskManagers that run tasks of the given jobs, at random moments, and starts another in
 * place of each. One thread, the caller's.
 */
public final class KillSeries {
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(60);
  private static final long LONGEST_WAIT_MS = 5_000;

  private final StandaloneCluster cluster;
  private final List<RunningJob> jobs;
  private final Random random;

  public KillSeries(StandaloneCluster cluster, List<RunningJob> jobs, Random random) {
    this.cluster = cluster;
    this.jobs = jobs;
    this.random = random;
  }

  /** Returns when all jobs run again after the last one. */
  public List<Kill> run(int count) throws Exception {
    List<Kill> kills = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      awaitProgress();
      TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_WAIT_MS));
      kills.add(killOne());
    }
    return kills;
  }

  /** Else a series of kills could be one long restart without progress. */
  private void awaitProgress() throws Exception {
    for (RunningJob job : jobs) {
      Waiting.until(
          "job " + job.id() + " judges pictures",
          NOTICED_WITHIN,
          () -> job.sum("decode." + DecodeMetrics.FRAMES) > 0);
      long before = job.completedCheckpoints();
      Waiting.until(
          "job " + job.id() + " has a new checkpoint",
          NOTICED_WITHIN,
          () -> job.completedCheckpoints() > before);
    }
  }

  private Kill killOne() throws Exception {
    RunningJob any = jobs.get(random.nextInt(jobs.size()));
    List<String> candidates = List.copyOf(new TreeSet<>(any.taskManagers()));
    String victim = candidates.get(random.nextInt(candidates.size()));
    List<RunningJob> hit = new ArrayList<>();
    for (RunningJob job : jobs) {
      if (job.taskManagers().contains(victim)) {
        hit.add(job);
      }
    }
    long atMs = System.currentTimeMillis();
    cluster.killTaskManager(victim);
    cluster.startTaskManager();
    long noticedMs = atMs;
    for (RunningJob job : hit) {
      Waiting.until(
          "job %s restarts after %s was killed".formatted(job.id(), victim),
          NOTICED_WITHIN,
          () -> job.lastEnteredMs("RESTARTING") >= atMs);
      noticedMs = Math.max(noticedMs, job.lastEnteredMs("RESTARTING"));
    }
    for (RunningJob job : jobs) {
      job.awaitRunning();
    }
    return new Kill(victim, atMs, noticedMs, System.currentTimeMillis());
  }
}
