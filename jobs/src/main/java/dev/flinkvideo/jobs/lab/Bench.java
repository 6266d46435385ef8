package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.cluster.BrokerProcess;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.cluster.RunningJob;
import dev.flinkvideo.jobs.cluster.StandaloneCluster;
import dev.flinkvideo.jobs.cluster.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.FileUtils;

/**
 * A Kafka and a Flink cluster to experiment with, each of their JVMs a process of its own, in a
 * temporary directory. Whoever sets it up closes it, which ends every process and removes the
 * directory. One thread.
 */
public final class Bench implements AutoCloseable {
  private static final int PARTITIONS = 4;

  /** Short waits for whoever watches, and several checkpoints between two kills. */
  private static final Map<String, String> SHORT_TIMES =
      Map.of(
          "execution.checkpointing.interval", "1s",
          "restart-strategy.exponential-delay.max-backoff", "2s");

  private final Path directory;
  private final BrokerProcess broker;
  private final StandaloneCluster cluster;
  private int directories;

  private Bench(Path directory, BrokerProcess broker, StandaloneCluster cluster) {
    this.directory = directory;
    this.broker = broker;
    this.cluster = cluster;
  }

  /**
   * Starts all processes and creates the topics.
   *
   * @param logs where what the processes print lies
   * @param overrides of {@code config/flink/config.yaml}
   */
  public static Bench setUp(
      Installation installation, Path logs, int taskManagers, Map<String, String> overrides)
      throws Exception {
    Path directory = Files.createTempDirectory("flink-video-lab-");
    BrokerProcess broker = null;
    try {
      broker = BrokerProcess.start(installation, directory.resolve("kafka"), logs);
      Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(PARTITIONS));
      Map<String, String> flink = new HashMap<>(SHORT_TIMES);
      flink.putAll(overrides);
      return new Bench(
          directory,
          broker,
          StandaloneCluster.start(
              installation, directory.resolve("flink"), logs, taskManagers, flink));
    } catch (Exception e) {
      if (broker != null) {
        broker.close();
      }
      FileUtils.deleteDirectory(directory.toFile());
      throw e;
    }
  }

  public StandaloneCluster cluster() {
    return cluster;
  }

  public String bootstrap() {
    return broker.bootstrap();
  }

  /** Submits the job and returns when it runs. */
  public RunningJob submit(JobUnderTest job, int parallelism) throws Exception {
    return cluster.submit(submission(job, parallelism));
  }

  /** The job on this Kafka, to be submitted with whatever else. */
  public Submission submission(JobUnderTest job, int parallelism) {
    return Submission.of(parallelism, job.arguments(bootstrap()));
  }

  /** Until the job has read all that is on the topic and a checkpoint says so; then ends it. */
  public void finish(RunningJob running, JobUnderTest job) throws Exception {
    awaitRead(job, 1);
    running.drain(newDirectory());
  }

  /** Until it has read such a share of what is on the topic. */
  public void awaitRead(JobUnderTest job, double share) throws Exception {
    ReadSegments.await(bootstrap(), job.name(), share);
  }

  /** What the job wrote, as far as it is committed. */
  public List<SeenObservation> observations(JobUnderTest job) throws IOException {
    return TopicReader.observations(bootstrap(), job.written().observations());
  }

  /**
   * How many leases and frames the job ever missed, as far as committed: the gauge of the same
   * forgets those that came back, and all of them at a restart.
   */
  long leasesOverdue(JobUnderTest job) throws IOException {
    return TopicReader.count(
        bootstrap(),
        job.written().events(),
        event -> event.path("kind").asText().equals("lease-overdue"));
  }

  /** A place for a savepoint. */
  public Path newDirectory() {
    return directory.resolve("savepoint-" + ++directories);
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    broker.close();
    FileUtils.deleteDirectory(directory.toFile());
  }
}
