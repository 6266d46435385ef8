package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what waits in a {@link SegmentBuffer} to Kafka, in a thread of its own: each segment once
 * and in order. Little is under way at a time, so that while Kafka is away segments wait in the
 * buffer, where they are dropped by whole groups, and not in the client, which would drop any.
 */
public final class SegmentSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentSender.class);
  private static final long MAX_UNDER_WAY_BYTES = 4 << 20;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final SegmentBuffer buffer;
  private final String topic;
  private final Producer<String, byte[]> producer;
  private final Thread thread = new Thread(this::run, "segments-to-kafka");
  private final LongAdder segments = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private long underWayBytes;
  private volatile boolean closed;

  /**
   * @param connection settings of a Kafka producer: at least {@code bootstrap.servers}; they win
   *     over ours
   */
  public SegmentSender(Properties connection, String topic, SegmentBuffer buffer) {
    this.buffer = buffer;
    this.topic = topic;
    Properties settings = SegmentPublisher.defaults();
    settings.putAll(connection);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Segments that are on the log. */
  public long segments() {
    return segments.sum();
  }

  /** Of them. */
  public long bytes() {
    return bytes.sum();
  }

  /** Segments that Kafka did not take. */
  public long failures() {
    return failures.sum();
  }

  /** Sends what waits, if that takes no longer than a few seconds. */
  @Override
  public void close() {
    try {
      buffer.awaitEmpty(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    thread.interrupt();
    producer.close(CLOSE_TIMEOUT);
  }

  private void run() {
    try {
      while (!closed) {
        PendingSegment next = buffer.take();
        enter(next.bytes());
        send(next);
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("no more segments are sent");
    }
  }

  private void send(PendingSegment pending) {
    Segment stamped = pending.segment().toBuilder().setPublishTimeUs(nowUs()).build();
    ProducerRecord<String, byte[]> entry =
        new ProducerRecord<>(topic, stamped.getSession(), Segments.write(stamped));
    entry
        .headers()
        .add(
            SegmentPublisher.CONTENT_TYPE_HEADER,
            Segments.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII));
    try {
      producer.send(entry, (metadata, error) -> finished(pending, error));
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      finished(pending, e); // no broker was ever reached
    }
  }

  private void finished(PendingSegment pending, Exception error) {
    leave(pending.bytes());
    if (error == null) {
      segments.increment();
      bytes.add(pending.bytes());
      pending.listener().delivered(pending.segment());
      return;
    }
    failures.increment();
    LOG.warn(
        "kafka did not take a segment: topic={} session={} cause={}",
        topic,
        pending.segment().getSession(),
        error.getMessage());
    pending.listener().dropped(pending.segment());
    buffer.dropGroup(pending);
  }

  private synchronized void enter(int sizeBytes) throws InterruptedException {
    while (underWayBytes > 0 && underWayBytes + sizeBytes > MAX_UNDER_WAY_BYTES) {
      wait();
    }
    underWayBytes += sizeBytes;
  }

  private synchronized void leave(int sizeBytes) {
    underWayBytes -= sizeBytes;
    notifyAll();
  }

  private static long nowUs() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
