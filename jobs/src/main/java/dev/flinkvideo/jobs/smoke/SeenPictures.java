package dev.flinkvideo.jobs.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flinkvideo.jobs.KafkaAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What comes on {@code video.observations} from now on, of two sessions, whether one a picture or
 * one a second. One thread.
 */
final class SeenPictures implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration POLL_AT_MOST = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Session> sessions = new HashMap<>();

  /** What was seen of one session. */
  static final class Session {
    private final Map<String, JsonNode> contents = new HashMap<>();
    private long pictures;
    private long repeated;
    private long contradicted;
    private String source = "";

    /** Pictures, each once. */
    long pictures() {
      return pictures;
    }

    /** Observations that came again as they were: what at-least-once delivery allows. */
    long repeated() {
      return repeated;
    }

    /** Observations that came again and said something else. */
    long contradicted() {
      return contradicted;
    }

    /** Of the newest. */
    String source() {
      return source;
    }

    void add(ObjectNode observation) {
      observation.remove("timing");
      source = observation.path("source").asText();
      String identity =
          "%s %s %s %s"
              .formatted(
                  observation.path("epoch"),
                  observation.path("openedAtMs"),
                  observation.path("sequence"),
                  observation.path("frame"));
      JsonNode before = contents.putIfAbsent(identity, observation);
      if (before == null) {
        pictures += observation.path("frames").asLong(1);
      } else if (before.equals(observation)) {
        repeated++;
      } else {
        contradicted++;
      }
    }
  }

  SeenPictures(KafkaAccess kafka, String... names) {
    for (String name : names) {
      sessions.put(name, new Session());
    }
    Properties settings = kafka.client();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(kafka.topics().observations()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position); // now, not at some later poll
  }

  /** Reads on, and says how a session stands. */
  Session look(String name) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_AT_MOST)) {
      ObjectNode observation = (ObjectNode) MAPPER.readTree(record.value());
      Session session = sessions.get(observation.path("session").asText());
      if (session != null) {
        session.add(observation);
      }
    }
    return sessions.get(name);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
