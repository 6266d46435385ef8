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
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
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

  /**
   * How long Kafka waits for a transaction before it aborts it: longer than a checkpoint and any
   * restart of the job take, or what the job had written is lost; yet no longer than a consumer
   * that reads committed records may wait behind a job that never came back, and than the broker's
   * {@code transaction.max.timeout.ms} (15 min by default). {@code kafka.transaction.timeout.ms}
   * overrides it.
   */
  private static final int TRANSACTION_TIMEOUT_MS = 10 * 60_000;

  private final Configuration options;
  private final String bootstrap;
  private final Topics topics;
  private final Topics written;

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
    String prefix = options.get(JobOptions.TOPIC_PREFIX);
    this.topics = new Topics(prefix);
    this.written = new Topics(options.getOptional(JobOptions.OUTPUT_PREFIX).orElse(prefix));
  }

  /** Creates what is missing, if that is allowed. */
  void ensure() throws BrokerUnreachableException, TopicsException {
    TopicCreation creation =
        new TopicCreation(
            options.get(JobOptions.CREATE_TOPICS),
            options.get(JobOptions.PARTITIONS),
            options.get(JobOptions.REPLICATION).shortValue());
    try (Admin admin = Brokers.connect(bootstrap, passedOn())) {
      topics.ensure(admin, creation, Topics.READ);
      written.ensure(admin, creation, Topics.WRITTEN);
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
    return source(written.events(), "alarms", OffsetsInitializer.latest());
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
    return delivered(KafkaRecords.observations(written.observations()), written.observations());
  }

  Sink<Event> events() {
    return delivered(KafkaRecords.events(written.events()), written.events());
  }

  /** A command that waited for a checkpoint would come too late. */
  Sink<SessionCommand> commands() {
    return immediate(KafkaRecords.commands(written.commands()));
  }

  Sink<SessionStatus> statuses() {
    return immediate(KafkaRecords.statuses(written.status()));
  }

  /** Of the session machine: those that the other path writes have their own transactions. */
  Sink<Event> sessionEvents() {
    return delivered(KafkaRecords.events(written.events()), "session-" + written.events());
  }

  /** For people to look at: that one may come twice is better than that all come late. */
  Sink<RejectedRecord> rejected() {
    return immediate(KafkaRecords.rejected(written.rejected()));
  }

  private <T> Sink<T> immediate(KafkaRecordSerializationSchema<T> schema) {
    return sink(schema).setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE).build();
  }

  private <T> Sink<T> delivered(KafkaRecordSerializationSchema<T> schema, String name) {
    if (options.get(JobOptions.DELIVERY) == JobOptions.Delivery.AT_LEAST_ONCE) {
      return immediate(schema);
    }
    // Two sinks with one prefix would fence each other, and so would two jobs.
    return sink(schema)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(options.get(JobOptions.GROUP) + "-" + name)
        .build();
  }

  private <T> KafkaSinkBuilder<T> sink(KafkaRecordSerializationSchema<T> schema) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    properties.putAll(passedOn());
    return KafkaSink.<T>builder()
        .setBootstrapServers(bootstrap)
        .setRecordSerializer(schema)
        .setKafkaProducerConfig(properties);
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
