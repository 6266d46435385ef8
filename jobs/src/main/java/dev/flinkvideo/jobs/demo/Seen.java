package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.operators.metrics.StageLatency;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.Timing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads observations and events from their topics, as any user of them would, and keeps what the
 * table and the report show. A thread of its own reads; the figures may be asked from any thread,
 * under this object's lock.
 */
final class Seen implements AutoCloseable {
  private static final int RECENT = 8;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final Topics topics;
  private final Map<String, SeenSession> sessions = new LinkedHashMap<>();
  private final Map<String, Histogram> latencyUs = new LinkedHashMap<>();
  private final Deque<Happening> recent = new ArrayDeque<>();
  private volatile boolean closed;

  Seen(String bootstrap, Topics topics) {
    this.topics = topics;
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        List.of(topics.observations(), topics.events()).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread = new Thread(this::read, "seen");
    thread.start();
  }

  /** The session, waiting if nothing was seen of it. */
  synchronized SeenSession session(String name) {
    return sessions.computeIfAbsent(name, n -> new SeenSession());
  }

  /** One histogram per stage, in microseconds. */
  synchronized Map<String, Histogram> latencyUs() {
    Map<String, Histogram> copy = new LinkedHashMap<>();
    latencyUs.forEach((stage, histogram) -> copy.put(stage, histogram.copy()));
    return copy;
  }

  /** The newest of what is worth a person's look, oldest first. */
  synchronized List<Happening> recent() {
    return List.copyOf(recent);
  }

  synchronized void add(Happening happening) {
    Optional<Happening> both =
        recent.isEmpty() ? Optional.empty() : recent.getLast().with(happening);
    if (both.isPresent()) {
      recent.removeLast();
    }
    recent.addLast(both.orElse(happening));
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    Joining.join(thread);
  }

  private void read() {
    try (consumer) {
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          add(record);
        }
      }
    } catch (WakeupException e) {
      // closed
    }
  }

  private synchronized void add(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(topics.events())) {
        add(JsonRecords.readEvent(record.value()));
        return;
      }
      if (JsonRecords.readObservation(record.value()) instanceof FrameObservation frame) {
        add(frame);
      }
    } catch (RejectedRecordException e) {
      throw new IllegalStateException("the job wrote what cannot be read", e);
    }
  }

  private void add(Event event) {
    session(event.session()).add(event);
    Happening.of(event).ifPresent(this::add);
  }

  private void add(FrameObservation frame) {
    Timing timing = frame.timing();
    long startUs = timing.arrivalUs() == null ? timing.appendUs() : timing.arrivalUs();
    session(frame.session()).add(frame, timing.emittedUs() - startUs);
    if (frame.session().equals(Roaming.SESSION)) {
      return; // a standby's pictures waited for their turn
    }
    stage(StageLatency.ARRIVAL_TO_APPEND, startUs, timing.appendUs());
    stage(StageLatency.APPEND_TO_FETCH, timing.appendUs(), timing.fetchUs());
    stage(StageLatency.FETCH_TO_DECODE, timing.fetchUs(), timing.decodeStartUs());
    stage(StageLatency.DECODE, timing.decodeStartUs(), timing.decodeEndUs());
    stage(StageLatency.JUDGE, timing.decodeEndUs(), timing.emittedUs());
    stage(StageLatency.TOTAL, startUs, timing.emittedUs());
  }

  private void stage(String name, long fromUs, long toUs) {
    latencyUs
        .computeIfAbsent(name, n -> new Histogram(3_600_000_000L, 3))
        .recordValue(Math.max(0, toUs - fromUs));
  }
}
