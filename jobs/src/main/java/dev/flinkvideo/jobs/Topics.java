package dev.flinkvideo.jobs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The names of the topics that everything here meets on, and their settings.
 *
 * @param prefix put before every name, so that several installations can share a Kafka; may be
 *     empty
 */
public record Topics(String prefix) {
  public static final String SEGMENTS = "video.segments";
  public static final String SESSIONS = "video.sessions";
  public static final String COMMANDS = "video.commands";
  public static final String REPORTS = "video.reports";
  public static final String OBSERVATIONS = "video.observations";
  public static final String EVENTS = "video.events";
  public static final String STATUS = "video.status";
  public static final String REJECTED = "video.rejected";

  /** What the job reads, by names without prefix. */
  static final List<String> READ = List.of(SEGMENTS, SESSIONS, REPORTS);

  /** What the job writes. */
  static final List<String> WRITTEN = List.of(OBSERVATIONS, EVENTS, COMMANDS, STATUS, REJECTED);

  /** What the job reads and writes, by names without prefix. */
  public static final List<String> ALL = Stream.concat(READ.stream(), WRITTEN.stream()).toList();

  /** The names as the documentation has them. */
  public static final Topics DEFAULT = new Topics("");

  private static final Map<String, String> LOG = Map.of();
  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  /** Segments are stamped by the broker: stage latencies are counted from when it had them. */
  private static final Map<String, String> SEGMENT_LOG =
      Map.of(
          TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
          "LogAppendTime",
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          Integer.toString(1 << 20));

  private static final Map<String, Map<String, String>> SETTINGS =
      Map.of(
          SEGMENTS, SEGMENT_LOG,
          SESSIONS, COMPACTED,
          COMMANDS, COMPACTED,
          REPORTS, LOG,
          OBSERVATIONS, LOG,
          EVENTS, LOG,
          STATUS, COMPACTED,
          REJECTED, LOG);

  public String segments() {
    return prefix + SEGMENTS;
  }

  public String sessions() {
    return prefix + SESSIONS;
  }

  public String commands() {
    return prefix + COMMANDS;
  }

  public String reports() {
    return prefix + REPORTS;
  }

  public String observations() {
    return prefix + OBSERVATIONS;
  }

  public String events() {
    return prefix + EVENTS;
  }

  public String status() {
    return prefix + STATUS;
  }

  public String rejected() {
    return prefix + REJECTED;
  }

  /** All of them, sorted. */
  public List<String> names() {
    return SETTINGS.keySet().stream().map(prefix::concat).sorted().toList();
  }

  /** {@link #ensure(Admin, TopicCreation)} on a connection of its own. */
  public void ensure(String bootstrap, TopicCreation creation)
      throws BrokerUnreachableException, TopicsException {
    try (Admin admin = Brokers.connect(bootstrap)) {
      ensure(admin, creation);
    }
  }

  /**
   * Makes sure that the topics which the job reads and writes exist: a KafkaSource on a topic that
   * does not exist fails the job again and again and never creates it.
   *
   * @throws TopicsException if some are missing and may not or cannot be created; names them
   */
  public void ensure(Admin admin, TopicCreation creation) throws TopicsException {
    ensure(admin, creation, ALL);
  }

  /** {@link #ensure(Admin, TopicCreation)} for some of them, by their names without prefix. */
  public void ensure(Admin admin, TopicCreation creation, List<String> names)
      throws TopicsException {
    try {
      Set<String> existing = admin.listTopics().names().get();
      List<String> missing =
          names.stream().filter(name -> !existing.contains(prefix + name)).toList();
      if (!missing.isEmpty()) {
        create(admin, missing, creation);
      }
    } catch (ExecutionException e) {
      throw new TopicsException("cannot list topics: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e); // sets the interrupt flag again
    }
  }

  private void create(Admin admin, List<String> names, TopicCreation creation)
      throws TopicsException, InterruptedException {
    String missing = String.join(", ", names.stream().map(prefix::concat).toList());
    if (!creation.allowed()) {
      throw new TopicsException(
          "topics are missing, or not to be seen by this user: %s: create them (flink-video topics), or allow it with"
                  .formatted(missing)
              + " --topics.create true; with ACLs, allow to describe them");
    }
    List<NewTopic> topics =
        names.stream()
            .map(
                name ->
                    new NewTopic(prefix + name, creation.partitions(), creation.replication())
                        .configs(SETTINGS.get(name)))
            .toList();
    for (var created : admin.createTopics(topics).values().entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
          throw new TopicsException(
              "topics are missing, or not to be seen by this user, who may not create them: %s: let another user create"
                      .formatted(missing)
                  + " them (flink-video topics), and this one use them (docs/deploy.md lists the ACLs)",
              e);
        }
        if (!(e.getCause() instanceof TopicExistsException)) { // else another job was faster
          throw new TopicsException(
              "cannot create topic=%s (%s): create %s by hand"
                  .formatted(created.getKey(), e.getCause().getMessage(), missing),
              e);
        }
      }
    }
  }
}
