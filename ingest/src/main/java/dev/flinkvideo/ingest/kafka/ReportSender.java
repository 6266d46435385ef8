package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.JsonRecords;
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
 * Sends reports, in a thread of its own. While Kafka is away the oldest of those that wait are
 * dropped: each report says all that is known, so the newest make good for them. {@link #send} from
 * any thread; it never blocks.
 */
public final class ReportSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReportSender.class);

  /** A minute of 200 connections. */
  private static final int MAX_WAITING = 12_000;

  private static final int MAX_BLOCK_MS = 2_000;
  private static final int DELIVERY_TIMEOUT_MS = 10_000;
  private static final int REQUEST_TIMEOUT_MS = 5_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final String topic;
  private final Producer<String, byte[]> producer;
  private final BlockingQueue<ConnectionReport> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
  private final Thread thread = new Thread(this::run, "reports-to-kafka");
  private final LongAdder dropped = new LongAdder();
  private volatile boolean closed;

  /**
   * @param connection settings of a Kafka producer: at least {@code bootstrap.servers}
   */
  public ReportSender(Properties connection, String topic) {
    this.topic = topic;
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

  public void send(ConnectionReport report) {
    while (!waiting.offer(report)) {
      if (waiting.poll() != null) {
        dropped.increment();
      }
    }
  }

  /** Reports that Kafka was away too long for. */
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
        ConnectionReport next = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          send(next.session() == null ? next.gateway() : next.session(), next);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("no more reports are sent");
    }
  }

  private void send(String key, ConnectionReport report) {
    ProducerRecord<String, byte[]> entry =
        new ProducerRecord<>(topic, key, JsonRecords.write(report));
    try {
      producer.send(entry, (metadata, error) -> dropped.add(error == null ? 0 : 1));
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      dropped.increment();
    }
  }
}
