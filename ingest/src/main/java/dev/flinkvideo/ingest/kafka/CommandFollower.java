package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.SessionCommand;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the command topic with two consumers, in a thread of its own: one reads all commands from
 * the beginning, as every gateway does, and one takes part in the group of gateways, only to be
 * told which partitions' pulled sources are ours.
 */
public final class CommandFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandFollower.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long RETRY_MS = 1000;

  /** The least that brokers allow by default: a gateway that died is missed after this. */
  private static final int SESSION_TIMEOUT_MS = 6_000;

  private static final int HEARTBEAT_MS = 1_000;

  private final String topic;
  private final String specifications;
  private final CommandHandler handler;
  private final Consumer<String, byte[]> commands;
  private final Consumer<String, byte[]> membership;
  private final Thread thread = new Thread(this::run, "commands-from-kafka");
  private final LongAdder unreadable = new LongAdder();
  private final Set<Integer> owned = new HashSet<>();
  private Map<TopicPartition, Long> start = Map.of();
  private boolean caughtUp;
  private volatile boolean closed;

  /**
   * @param connection settings of a Kafka consumer: at least {@code bootstrap.servers}
   * @param topic of commands
   * @param specifications topic of sessions' specifications; null for not to follow it
   * @param group that all gateways of an installation share
   */
  public CommandFollower(
      Properties connection,
      String topic,
      String specifications,
      String group,
      CommandHandler handler) {
    this.topic = topic;
    this.specifications = specifications;
    this.handler = handler;
    Properties reading = new Properties();
    reading.putAll(connection);
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    commands = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
    Properties joining = new Properties();
    joining.putAll(reading);
    joining.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    joining.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    joining.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    joining.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MS);
    // What stays with us is not taken away in between, as other assignors do.
    joining.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    membership =
        new KafkaConsumer<>(joining, new StringDeserializer(), new ByteArrayDeserializer());
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Commands that could not be read. */
  public long unreadable() {
    return unreadable.sum();
  }

  /** Leaves the group, so that others take over at once. */
  @Override
  public void close() {
    closed = true;
    commands.wakeup();
    membership.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (commands;
        membership) {
      while (!closed && !assign()) {
        Thread.sleep(RETRY_MS);
      }
      membership.subscribe(List.of(topic), new Ownership());
      while (!closed) {
        poll();
      }
    } catch (WakeupException | InterruptException | InterruptedException e) {
      LOG.debug("commands are no longer followed");
    }
  }

  /** Whether the topics are there to be read. */
  private boolean assign() {
    try {
      List<TopicPartition> partitions =
          Stream.of(topic, specifications)
              .filter(Objects::nonNull)
              .flatMap(name -> commands.partitionsFor(name).stream())
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      start = commands.endOffsets(partitions);
      commands.assign(partitions);
      commands.seekToBeginning(partitions);
      return !partitions.isEmpty();
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("commands cannot be read yet: topic={} cause={}", topic, e.getMessage());
      return false;
    }
  }

  private void poll() throws InterruptedException {
    try {
      for (ConsumerRecord<String, byte[]> read : commands.poll(POLL)) {
        handle(read);
      }
      if (!caughtUp && isCaughtUp()) {
        caughtUp = true;
        handler.caughtUp();
      }
      membership.poll(Duration.ZERO);
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("following commands failed, it goes on: {}", e.getMessage());
      Thread.sleep(RETRY_MS);
    } catch (RuntimeException e) {
      LOG.error("a command could not be followed, the next ones are", e);
    }
  }

  private boolean isCaughtUp() {
    return start.entrySet().stream()
        .allMatch(entry -> commands.position(entry.getKey()) >= entry.getValue());
  }

  private void handle(ConsumerRecord<String, byte[]> read) {
    if (read.topic().equals(specifications)) {
      handler.specification(read.key(), read.value() != null);
      return;
    }
    try {
      SessionCommand command = read.value() == null ? null : JsonRecords.readCommand(read.value());
      handler.command(read.key(), read.partition(), command);
    } catch (RejectedRecordException e) {
      unreadable.increment();
      LOG.warn("command of session={} not followed: {}", read.key(), e.getMessage());
    }
  }

  /** In the thread that polls. */
  private final class Ownership implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      membership.pause(partitions); // their records are read by the other consumer
      partitions.forEach(partition -> owned.add(partition.partition()));
      handler.own(Set.copyOf(owned));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> owned.remove(partition.partition()));
      handler.own(Set.copyOf(owned));
    }
  }
}
