package dev.flinkvideo.jobs;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What the job needs of Flink; where the cluster says something about checkpoints, state or
 * restarts, it wins.
 */
final class JobEnvironment {
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
    if (!cluster.contains(RestartStrategyOptions.RESTART_STRATEGY)) {
      job.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    }
    environment.configure(job);
  }
}
