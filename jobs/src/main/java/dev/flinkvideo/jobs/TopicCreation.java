package dev.flinkvideo.jobs;

/**
 * Whether missing topics may be created, and how.
 *
 * @param partitions of each; the number of subtasks that can share its sessions
 * @param replication copies of each record, at most as many as there are brokers
 */
public record TopicCreation(boolean allowed, int partitions, short replication) {
  /** Missing topics are an error. */
  public static final TopicCreation FORBIDDEN = new TopicCreation(false, 1, (short) 1);

  /** For a Kafka of one broker. */
  public static TopicCreation unreplicated(int partitions) {
    return new TopicCreation(true, partitions, (short) 1);
  }
}
