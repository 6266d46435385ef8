package dev.flinkvideo.jobs;

import dev.flinkvideo.operators.kafka.KafkaRecords;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.kafka.SegmentRecordDeserializer;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The job's topics on one Kafka: sources, sinks, and whether they are there. */
final class KafkaTopics {
  /**
   * Fetches stay under half of an 8 MiB G1 region: a response is one heap array, and one above half
   * a region is a humongous object that costs a concurrent cycle each (docs/memory.md). With the
   * default of 50 MB small records do not help.
   */
  private static final int FETCH_BYTES = 2 << 20;

  private static final int PARTITION_FETCH_BYTES = 1 << 20;

  private final Configuration options;
  private final String bootstrap;
  private final Topics topics;

  KafkaTopics(Configuration options) {
    this.options = options;
    this.bootstrap =
        options
            .getOptional(JobOptions.BOOTSTRAP)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no Kafka given: say --bootstrap HOST:PORT or set %s"
                            .formatted(JobOptions.BOOTSTRAP.key())));
    this.topics = new Topics(options.get(JobOptions.TOPIC_PREFIX));
  }

  /** Creates what is missing, if that is allowed. */
  void ensure() throws BrokerUnreachableException, TopicsException {
    TopicCreation creation =
        new TopicCreation(
            options.get(JobOptions.CREATE_TOPICS),
            options.get(JobOptions.PARTITIONS),
            options.get(JobOptions.REPLICATION).shortValue());
    try (Admin admin = Brokers.connect(bootstrap, passedOn())) {
      topics.ensure(admin, creation);
    }
  }

  @SuppressWarnings("deprecation") // the connector takes Kafka's old enum only
  Source<SegmentRecord, ?, ?> segments() {
    OffsetResetStrategy reset =
        options.get(JobOptions.START_FROM) == JobOptions.StartFrom.EARLIEST
            ? OffsetResetStrategy.EARLIEST
            : OffsetResetStrategy.LATEST;
    Properties properties = new Properties();
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 64);
    properties.putAll(passedOn());
    return source(
        topics.segments(),
        options.get(JobOptions.GROUP),
        OffsetsInitializer.committedOffsets(reset),
        properties);
  }

  /** All that was ever wanted and not taken back; a restored job goes on where it was. */
  Source<SegmentRecord, ?, ?> sessions() {
    return source(topics.sessions(), "sessions", OffsetsInitializer.earliest());
  }

  /** From now on: gateways say every second how things are. */
  Source<SegmentRecord, ?, ?> reports() {
    return source(topics.reports(), "reports", OffsetsInitializer.latest());
  }

  Source<SegmentRecord, ?, ?> alarms() {
    return source(topics.events(), "alarms", OffsetsInitializer.latest());
  }

  /** A group of its own each: groups that share a name are told the progress of each other. */
  private Source<SegmentRecord, ?, ?> source(
      String topic, String group, OffsetsInitializer startingOffsets) {
    return source(topic, options.get(JobOptions.GROUP) + "-" + group, startingOffsets, passedOn());
  }

  private Source<SegmentRecord, ?, ?> source(
      String topic, String group, OffsetsInitializer startingOffsets, Properties properties) {
    return KafkaSource.<SegmentRecord>builder()
        .setBootstrapServers(bootstrap)
        .setTopics(topic)
        .setGroupId(group)
        .setStartingOffsets(startingOffsets)
        .setDeserializer(new SegmentRecordDeserializer())
        .setProperties(properties)
        .build();
  }

  Sink<Observation> observations() {
    return sink(KafkaRecords.observations(topics.observations()));
  }

  Sink<Event> events() {
    return sink(KafkaRecords.events(topics.events()));
  }

  Sink<SessionCommand> commands() {
    return sink(KafkaRecords.commands(topics.commands()));
  }

  Sink<SessionStatus> statuses() {
    return sink(KafkaRecords.statuses(topics.status()));
  }

  Sink<RejectedRecord> rejected() {
    return sink(KafkaRecords.rejected(topics.rejected()));
  }

  private <T> Sink<T> sink(KafkaRecordSerializationSchema<T> schema) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    properties.putAll(passedOn());
    return KafkaSink.<T>builder()
        .setBootstrapServers(bootstrap)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(schema)
        .setKafkaProducerConfig(properties)
        .build();
  }

  private Properties passedOn() {
    Properties properties = new Properties();
    options
        .toMap()
        .forEach(
            (key, value) -> {
              if (key.startsWith(JobOptions.KAFKA_PREFIX)) {
                properties.put(key.substring(JobOptions.KAFKA_PREFIX.length()), value);
              }
            });
    return properties;
  }
}
