package dev.flinkvideo.jobs;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Options of the job as a whole. */
public final class JobOptions {
  /** Keys that begin so go to Kafka's consumers and producers as they are, without the prefix. */
  public static final String KAFKA_PREFIX = "kafka.";

  /**
   * Keys that begin so go to the local mini cluster of {@code run} and {@code demo}, without the
   * prefix.
   */
  public static final String FLINK_PREFIX = "flink.";

  /** Where reading starts when there is no committed offset. */
  public enum StartFrom {
    EARLIEST,
    LATEST
  }

  public static final ConfigOption<String> BOOTSTRAP =
      ConfigOptions.key("job.bootstrap")
          .stringType()
          .noDefaultValue()
          .withDescription("Kafka brokers, as HOST:PORT[,HOST:PORT...].");

  public static final ConfigOption<String> GROUP =
      ConfigOptions.key("job.group")
          .stringType()
          .defaultValue("flink-video")
          .withDescription("Consumer group whose committed offsets say where reading goes on.");

  public static final ConfigOption<StartFrom> START_FROM =
      ConfigOptions.key("job.start-from")
          .enumType(StartFrom.class)
          .defaultValue(StartFrom.EARLIEST)
          .withDescription("Where reading starts when the group has no committed offset.");

  public static final ConfigOption<Integer> PARALLELISM =
      ConfigOptions.key("job.parallelism")
          .intType()
          .defaultValue(1)
          .withDescription(
              "Subtasks of the job in 'run' and 'demo'; on a cluster 'flink run -p' says it.");

  public static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      ConfigOptions.key("job.checkpoint-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Time between checkpoints where the cluster configures none; committed offsets follow it.");

  public static final ConfigOption<String> TOPIC_PREFIX =
      ConfigOptions.key("topics.prefix")
          .stringType()
          .defaultValue("")
          .withDescription("Put before the name of every topic, e.g. 'studio1.'.");

  public static final ConfigOption<Boolean> CREATE_TOPICS =
      ConfigOptions.key("topics.create")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Creates missing topics at start; if false, a missing topic is an error that names it.");

  public static final ConfigOption<Integer> PARTITIONS =
      ConfigOptions.key("topics.partitions")
          .intType()
          .defaultValue(4)
          .withDescription("Partitions of topics that are created.");

  public static final ConfigOption<Integer> REPLICATION =
      ConfigOptions.key("topics.replication")
          .intType()
          .defaultValue(1)
          .withDescription("Replication factor of topics that are created.");

  private JobOptions() {}
}
