package dev.flinkvideo.jobs;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What the job needs of Flink; where the cluster says something about checkpoints, state or
 * restarts, it wins.
 */
final class JobEnvironment {
  private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);

  private JobEnvironment() {}

  static void configure(StreamExecutionEnvironment environment, Configuration options) {
    Configuration job = new Configuration();
    job.set(PipelineOptions.OBJECT_REUSE, true);
    job.set(PipelineOptions.GENERIC_TYPES, false);
    Configuration cluster = (Configuration) environment.getConfiguration();
    if (!cluster.contains(StateBackendOptions.STATE_BACKEND)) {
      job.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    }
    if (!cluster.contains(CheckpointingOptions.CHECKPOINTING_INTERVAL)) {
      job.set(
          CheckpointingOptions.CHECKPOINTING_INTERVAL, options.get(JobOptions.CHECKPOINT_INTERVAL));
    }
    if (!cluster.contains(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)) {
      job.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    }
    if (!cluster.contains(ExecutionOptions.BUFFER_TIMEOUT)) {
      // Flink keeps a record up to 100 ms to fill a network buffer: longer than decoding takes.
      job.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
    }
    if (!cluster.contains(RestartStrategyOptions.RESTART_STRATEGY)) {
      job.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    }
    environment.configure(job);
  }
}
