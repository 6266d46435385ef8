package dev.flinkvideo.jobs;

import static org.awaitility.Awaitility.await;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All that a job wrote, from the beginning of its topics, read as any user of them would. One
 * thread.
 */
final class JobOutput implements AutoCloseable {
  private static final Duration AT_MOST = Duration.ofSeconds(90);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> rejected = new ArrayList<>();
  private final List<byte[]> observationJson = new ArrayList<>();
  private final List<byte[]> eventJson = new ArrayList<>();
  private final List<FrameObservation> frames = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  JobOutput(String bootstrap) {
    this(bootstrap, "read_uncommitted");
  }

  JobOutput(String bootstrap, String isolationLevel) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", isolationLevel),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        List.of(Topics.OBSERVATIONS, Topics.EVENTS, Topics.REJECTED).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on until {@code enough} was read. */
  void awaitUntil(String what, BooleanSupplier enough) {
    await(what)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1))
        .atMost(AT_MOST)
        .until(
            () -> {
              read();
              return enough.getAsBoolean();
            });
  }

  /** Until nothing more can come of these sessions: their decoders are drained. */
  void awaitStalled(String... sessions) {
    for (String session : sessions) {
      awaitUntil(session + " has stalled", () -> !events(session, EventKind.STALLED).isEmpty());
    }
    // The event is written behind the pictures, but to another topic.
    read();
  }

  /** One per picture, in the order of the log. */
  List<FrameObservation> frames(String session) {
    return frames.stream().filter(frame -> frame.session().equals(session)).toList();
  }

  List<Event> events(String session) {
    return events.stream().filter(event -> event.session().equals(session)).toList();
  }

  List<Event> events(String session, EventKind kind) {
    return events(session).stream().filter(event -> event.kind() == kind).toList();
  }

  List<ConsumerRecord<byte[], byte[]>> rejected() {
    return rejected;
  }

  List<byte[]> observationJson() {
    return observationJson;
  }

  List<byte[]> eventJson() {
    return eventJson;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      try {
        switch (record.topic()) {
          case Topics.OBSERVATIONS -> {
            observationJson.add(record.value());
            frames.add((FrameObservation) JsonRecords.readObservation(record.value()));
          }
          case Topics.EVENTS -> {
            eventJson.add(record.value());
            events.add(JsonRecords.readEvent(record.value()));
          }
          default -> rejected.add(record);
        }
      } catch (RejectedRecordException e) {
        throw new AssertionError("the job wrote what cannot be read", e);
      }
    }
  }
}
