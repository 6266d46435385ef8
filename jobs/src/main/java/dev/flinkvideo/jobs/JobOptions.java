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

  /** What a consumer of observations and events may count on after a failure. */
  public enum Delivery {
    AT_LEAST_ONCE("at-least-once"),
    EXACTLY_ONCE("exactly-once");

    private final String label;

    Delivery(String label) {
      this.label = label;
    }

    /** As it is written in a configuration; Flink reads it so. */
    @Override
    public String toString() {
      return label;
    }
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

  public static final ConfigOption<Delivery> DELIVERY =
      ConfigOptions.key("job.delivery")
          .enumType(Delivery.class)
          .defaultValue(Delivery.AT_LEAST_ONCE)
          .withDescription(
              "'at-least-once': observations and events come at once, after a failure some of them again, which their"
                  + " identity shows; 'exactly-once': by Kafka transactions, seen once by consumers with"
                  + " isolation.level=read_committed, a checkpoint interval later.");

  public static final ConfigOption<String> TOPIC_PREFIX =
      ConfigOptions.key("topics.prefix")
          .stringType()
          .defaultValue("")
          .withDescription("Put before the name of every topic, e.g. 'studio1.'.");

  public static final ConfigOption<String> OUTPUT_PREFIX =
      ConfigOptions.key("topics.output-prefix")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Takes the place of topics.prefix for the topics that are written, so that another job, or this one with"
                  + " other options, can read the same segments.");

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
