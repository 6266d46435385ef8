package dev.flinkvideo.jobs.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning to where it ends now, committed records only. Stateless. */
public final class TopicReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TopicReader() {}

  public static List<SeenObservation> observations(String bootstrap, String topic)
      throws IOException {
    List<SeenObservation> seen = new ArrayList<>();
    for (ObjectNode json : records(bootstrap, topic)) {
      seen.add(SeenObservation.of(json));
    }
    return seen;
  }

  /** In the order of each partition. */
  public static List<ObjectNode> records(String bootstrap, String topic) throws IOException {
    List<ObjectNode> records = new ArrayList<>();
    read(bootstrap, topic, records::add);
    return records;
  }

  /** How many there are of a kind, of a topic that may be too long to keep. */
  static long count(String bootstrap, String topic, Predicate<ObjectNode> kind) throws IOException {
    LongAdder count = new LongAdder();
    read(
        bootstrap,
        topic,
        record -> {
          if (kind.test(record)) {
            count.increment();
          }
        });
    return count.sum();
  }

  private static void read(String bootstrap, String topic, Consumer<ObjectNode> records)
      throws IOException {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (!isAt(consumer, ends)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          records.accept((ObjectNode) MAPPER.readTree(record.value()));
        }
      }
    }
  }

  private static boolean isAt(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
