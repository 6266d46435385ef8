package dev.flinkvideo.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of sessions, as a command line reads and writes them. One thread. */
public final class SessionTopics implements AutoCloseable {
  /** As many as the job creates. */
  private static final int PARTITIONS = 4;

  private static final Duration POLL_AT_MOST = Duration.ofMillis(200);

  private final KafkaAccess kafka;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /** Connects to a Kafka that lets everybody do all, and creates the topics that are missing. */
  public SessionTopics(String bootstrap) throws BrokerUnreachableException, TopicsException {
    this(KafkaAccess.open(bootstrap), Topics.ALL);
  }

  /**
   * Connects, and creates those of the topics that are missing.
   *
   * @param needed names without prefix, of all that are going to be read and written
   */
  public SessionTopics(KafkaAccess kafka, List<String> needed)
      throws BrokerUnreachableException, TopicsException {
    this.kafka = kafka;
    try (Admin admin = kafka.connect()) {
      kafka.topics().ensure(admin, TopicCreation.unreplicated(PARTITIONS), needed);
    }
    Properties settings = kafka.client();
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What the topic says of each session now, sorted by session. */
  public Map<String, byte[]> newest(String topic) {
    Map<String, byte[]> newest = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all(topic)) {
      String session = key(record);
      if (record.value() == null) {
        newest.remove(session);
      } else {
        newest.put(session, record.value());
      }
    }
    return newest;
  }

  /** Everything that is on the topic now; of one session, in order. */
  public List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    List<TopicPartition> partitions = assign(topic);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (partitions.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
      consumer.poll(POLL_AT_MOST).forEach(records::add);
    }
    return records;
  }

  /** From here on {@link #next} gives what is written to the topic. */
  public void follow(String topic) {
    List<TopicPartition> partitions = assign(topic);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position); // now, not at some later poll
  }

  /** What came since, perhaps nothing. */
  public Iterable<ConsumerRecord<byte[], byte[]>> next() {
    return consumer.poll(POLL_AT_MOST);
  }

  private List<TopicPartition> assign(String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    return partitions;
  }

  /**
   * Returns once Kafka has it.
   *
   * @param value null for a tombstone
   */
  public void write(String topic, String session, byte[] value) throws TopicsException {
    Properties settings = kafka.client();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, session.getBytes(UTF_8), value)).get();
    } catch (ExecutionException e) {
      throw new TopicsException(
          "cannot write to topic=%s: %s".formatted(topic, e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e); // sets the interrupt flag again
    }
  }

  public static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
