package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends segments, and container files that stand for segments, to one topic, keyed by session, each
 * once and in order. Sending does not wait; that a record could not be delivered shows at the next
 * call and at {@link #close}. Any thread; the segments of one session from one thread at a time.
 */
public final class SegmentPublisher implements AutoCloseable {
  /** Names the content of each record. */
  public static final String CONTENT_TYPE_HEADER = "content-type";

  /** Kafka's default limit, which a segment with key and headers stays under. */
  private static final int MAX_REQUEST_BYTES = 1024 * 1024;

  /** Enough to send what several sessions deliver in one moment together, too little to see. */
  private static final int LINGER_MS = 5;

  /** How long the first send waits for a broker. */
  private static final int MAX_BLOCK_MS = 15_000;

  private static final int REQUEST_TIMEOUT_MS = 10_000;
  private static final int DELIVERY_TIMEOUT_MS = 30_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final String topic;
  private final Producer<String, byte[]> producer;
  private final LongAdder segments = new LongAdder();
  private final LongAdder containers = new LongAdder();
  private final LongAdder accessUnits = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /** The first failure that nobody was told of yet. */
  private final AtomicReference<PublishException> failure = new AtomicReference<>();

  public SegmentPublisher(String bootstrapServers, String topic) {
    this(properties(bootstrapServers), topic);
  }

  /**
   * @param connection settings of a Kafka producer: at least {@code bootstrap.servers}; they win
   *     over ours
   */
  public SegmentPublisher(Properties connection, String topic) {
    this.topic = topic;
    Properties settings = defaults();
    settings.putAll(connection);
    this.producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  /** Stamps the time of publishing and sends. */
  public void publish(Segment segment) {
    Segment stamped = segment.toBuilder().setPublishTimeUs(nowUs()).build();
    send(segment.getSession(), Segments.CONTENT_TYPE, Segments.write(stamped));
    segments.increment();
    // The parts of one access unit are several segments and one access unit.
    accessUnits.add(segment.getPart() == 0 ? segment.getAccessUnitsCount() : 0);
  }

  /**
   * Sends a self-contained container file in place of a segment.
   *
   * @param contentType {@code video/mp2t} or {@code video/mp4}
   */
  public void publishContainer(String session, String contentType, byte[] file) {
    send(session, contentType, file);
    containers.increment();
  }

  /** Waits until everything sent so far is on the topic. */
  public void flush() {
    producer.flush();
    throwFailure();
  }

  /** Segments handed to Kafka. */
  public long segments() {
    return segments.sum();
  }

  /** Container files handed to Kafka. */
  public long containers() {
    return containers.sum();
  }

  /** Access units in those segments. */
  public long accessUnits() {
    return accessUnits.sum();
  }

  /** Values of all records handed to Kafka. */
  public long bytes() {
    return bytes.sum();
  }

  /** Records that Kafka did not take. */
  public long failures() {
    return failures.sum();
  }

  /** Sends what is pending and frees the connections, then says if anything was not delivered. */
  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
    throwFailure();
  }

  private void send(String session, String contentType, byte[] value) {
    throwFailure();
    ProducerRecord<String, byte[]> entry = new ProducerRecord<>(topic, session, value);
    entry.headers().add(CONTENT_TYPE_HEADER, contentType.getBytes(StandardCharsets.US_ASCII));
    bytes.add(value.length);
    try {
      producer.send(entry, (metadata, error) -> delivered(error, session, value.length));
    } catch (KafkaException e) {
      delivered(e, session, value.length); // interrupted, or the producer has given up for good
      throwFailure();
    }
  }

  private void delivered(Exception error, String session, int valueBytes) {
    if (error == null) {
      return;
    }
    failures.increment();
    String message =
        "kafka did not take a record: topic=%s session=%s bytes=%d cause=%s, check the address and that the topic exists"
            .formatted(topic, session, valueBytes, error.getMessage());
    failure.compareAndSet(null, new PublishException(message, error));
  }

  private void throwFailure() {
    PublishException failed = failure.getAndSet(null);
    if (failed != null) {
      throw failed;
    }
  }

  private static long nowUs() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static Properties properties(String bootstrapServers) {
    Properties properties = new Properties();
    properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }

  static Properties defaults() {
    Properties defaults = new Properties();
    defaults.putAll(
        Map.of(
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.LINGER_MS_CONFIG, LINGER_MS,
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "none",
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS));
    return defaults;
  }
}
