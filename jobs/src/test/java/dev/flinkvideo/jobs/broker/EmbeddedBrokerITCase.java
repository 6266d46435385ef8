package dev.flinkvideo.jobs.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerITCase {
  private static final TopicPartition PARTITION = new TopicPartition("large", 0);

  @Test
  void shouldCarryTheLargestSegmentAndLeaveNothingBehind() throws Exception {
    byte[] record = new byte[900_000];
    new Random(1).nextBytes(record);
    Path directory;

    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      directory = broker.directory();
      createTopic(broker);
      produce(broker, record);
      assertThat(consume(broker)).isEqualTo(record);
    }

    assertThat(directory).doesNotExist();
  }

  @Test
  void shouldGoOnWithTheRecordsOfADirectoryThatWasGivenToIt(@TempDir Path directory)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, directory)) {
      createTopic(broker);
      produce(broker, new byte[] {42});
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(0, directory)) {
      assertThat(consume(broker)).containsExactly(42);
    }
    assertThat(directory).isNotEmptyDirectory();
  }

  @Test
  void shouldNameThePortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedBroker.start(taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port=" + taken.getLocalPort());
    }
  }

  private static void createTopic(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1))).all().get();
    }
  }

  private static void produce(EmbeddedBroker broker, byte[] record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(PARTITION.topic(), record)).get();
    }
  }

  private static byte[] consume(EmbeddedBroker broker) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      return consumer.poll(Duration.ofSeconds(30)).iterator().next().value();
    }
  }
}
