package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionSpecification;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the gateway has to say but pictures, in a thread of its own. While Kafka is away the
 * oldest of what waits is dropped: all of it is said again and again, and the newest makes good for
 * it. {@link #send} from any thread; it never blocks.
 */
public final class RecordSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);

  /** A minute of 200 connections. */
  private static final int MAX_WAITING = 12_000;

  private static final int MAX_BLOCK_MS = 2_000;
  private static final int DELIVERY_TIMEOUT_MS = 10_000;
  private static final int REQUEST_TIMEOUT_MS = 5_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Producer<String, byte[]> producer;
  private final BlockingQueue<ProducerRecord<String, byte[]>> waiting =
      new LinkedBlockingQueue<>(MAX_WAITING);
  private final Thread thread = new Thread(this::run, "records-to-kafka");
  private final LongAdder dropped = new LongAdder();
  private volatile boolean closed;

  /**
   * @param connection settings of a Kafka producer: at least {@code bootstrap.servers}
   */
  public RecordSender(Properties connection) {
    Properties settings = new Properties();
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
    settings.putAll(connection);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  public void send(String topic, ConnectionReport report) {
    String key = report.session() == null ? report.gateway() : report.session();
    send(new ProducerRecord<>(topic, key, JsonRecords.write(report)));
  }

  public void send(String topic, SessionSpecification specification) {
    byte[] value = JsonRecords.write(specification);
    send(new ProducerRecord<>(topic, specification.session(), value));
  }

  private void send(ProducerRecord<String, byte[]> entry) {
    while (!waiting.offer(entry)) {
      if (waiting.poll() != null) {
        dropped.increment();
      }
    }
  }

  /** Records that Kafka was away too long for. */
  public long dropped() {
    return dropped.sum();
  }

  /** Sends what waits, if that takes no longer than a few seconds. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    producer.close(CLOSE_TIMEOUT);
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        ProducerRecord<String, byte[]> next = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          produce(next);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("nothing more is sent");
    }
  }

  private void produce(ProducerRecord<String, byte[]> entry) {
    try {
      producer.send(entry, (metadata, error) -> dropped.add(error == null ? 0 : 1));
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      dropped.increment();
    }
  }
}
