package dev.flinkvideo.jobs.local;

import dev.flinkvideo.jobs.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * One Flink mini cluster that runs one job. Whoever makes it closes it, which cancels the job and
 * removes the temporary directory that RocksDB and the checkpoints live in.
 */
public final class LocalCluster implements AutoCloseable {
  private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(256);
  private static final long CANCEL_WITHIN_S = 20;

  private final Path directory;
  private final Configuration configuration;
  private final int parallelism;
  private final MiniCluster cluster;
  private JobID job;

  /** Adds sources, operators and sinks to an environment. */
  @FunctionalInterface
  public interface Pipeline {
    void build(StreamExecutionEnvironment environment) throws Exception;
  }

  /**
   * @param options of the job; those with the prefix {@code flink.} go to the cluster
   */
  public LocalCluster(Configuration options) throws Exception {
    directory = Files.createTempDirectory("flink-video-");
    parallelism = options.get(JobOptions.PARALLELISM);
    configuration = configuration(options);
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .withRandomPorts()
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** Submits the job and returns once all its tasks run. */
  public void submit(Pipeline pipeline) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(parallelism);
    pipeline.build(environment);
    job = cluster.submitJob(environment.getStreamGraph().getJobGraph()).get().getJobID();
    while (!isRunning()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Waits until the job ends. @throws ExecutionException with the reason if it failed for good */
  public void awaitEnd() throws Exception {
    cluster.requestJobResult(job).get().toJobExecutionResult(getClass().getClassLoader());
  }

  /**
   * Ends the job behind a savepoint in the format that every later Flink must read.
   *
   * @param drain whether operators are told that no more comes, and give what they hold back
   * @return where it lies
   */
  public String stop(Path savepoints, boolean drain) throws Exception {
    return cluster
        .stopWithSavepoint(job, savepoints.toUri().toString(), drain, SavepointFormatType.CANONICAL)
        .get();
  }

  /** Not cut short by an interrupt: that is how Ctrl-C asks for it. */
  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      cancel();
      cluster.closeAsync().get();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (ExecutionException e) {
      throw new IOException("the mini cluster did not close: " + e.getCause(), e);
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void cancel() throws InterruptedException {
    if (job == null) {
      return;
    }
    try {
      if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
        cluster.cancelJob(job).get();
        cluster.requestJobResult(job).get(CANCEL_WITHIN_S, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      // The cluster is closed next, which ends what is left.
    }
  }

  private boolean isRunning() throws Exception {
    JobStatus status = cluster.getJobStatus(job).get();
    if (status.isGloballyTerminalState()) {
      awaitEnd();
      throw new IllegalStateException("the job ended before it ran, with status " + status);
    }
    if (status != JobStatus.RUNNING) {
      return false;
    }
    return cluster.getExecutionGraph(job).get().getAllExecutionVertices() != null && allTasksRun();
  }

  private boolean allTasksRun() throws Exception {
    for (var vertex : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
      if (vertex.getExecutionState() != org.apache.flink.runtime.execution.ExecutionState.RUNNING) {
        return false;
      }
    }
    return true;
  }

  private Configuration configuration(Configuration options) throws IOException {
    Configuration flink = new Configuration();
    flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED_MEMORY);
    flink.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
    flink.setString("taskmanager.memory.managed.consumer-weights", "OPERATOR:70,STATE_BACKEND:30");
    flink.set(CoreOptions.TMP_DIRS, directory.toString());
    flink.set(WebOptions.TMP_DIR, directory.toString());
    flink.set(RestOptions.BIND_PORT, "0");
    flink.set(RestOptions.ADDRESS, "localhost");
    flink.set(RestOptions.BIND_ADDRESS, "localhost");
    Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    flink.set(MetricOptions.REPORTERS_LIST, "local");
    flink.setString("metrics.reporter.local.factory.class", LocalMetrics.Factory.class.getName());
    options
        .toMap()
        .forEach(
            (key, value) -> {
              if (key.startsWith(JobOptions.FLINK_PREFIX)) {
                flink.setString(key.substring(JobOptions.FLINK_PREFIX.length()), value);
              }
            });
    return flink;
  }
}
