package dev.flinkvideo.jobs.gateway;

import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.wire.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** Stands in the place of the job: commands on Kafka, and all that comes back. One thread. */
public final class SessionSide implements AutoCloseable {
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  private final KafkaProducer<String, byte[]> producer;
  private final Consumer<String, byte[]> consumer;
  private final List<ConnectionReport> reports = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();

  public SessionSide(String bootstrap) {
    Map<String, Object> connection = Map.of("bootstrap.servers", bootstrap);
    producer = new KafkaProducer<>(connection, new StringSerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(connection, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(Topics.REPORTS, Topics.SEGMENTS)) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  public void expect(String session, SourceSpecification awaited) {
    command(new SessionCommand(1, session, List.of(), List.of(awaited), 0));
  }

  public void open(String session, DesiredConnection... connections) {
    command(new SessionCommand(1, session, List.of(connections), List.of(), 0));
  }

  private void command(SessionCommand command) {
    producer.send(
        new ProducerRecord<>(Topics.COMMANDS, command.session(), JsonRecords.write(command)));
    producer.flush();
  }

  public ConnectionReport awaitReport(String session, ReportKind kind) {
    return awaitReport(report -> session.equals(report.session()) && report.kind() == kind);
  }

  public ConnectionReport awaitReport(Predicate<ConnectionReport> wanted) {
    awaitThat(() -> reports.stream().anyMatch(wanted));
    return reports.stream().filter(wanted).findFirst().orElseThrow();
  }

  public void awaitSegments(Predicate<List<Segment>> enough) {
    awaitThat(() -> enough.test(segments));
  }

  public List<Segment> segments(String session) {
    return segments.stream().filter(segment -> segment.getSession().equals(session)).toList();
  }

  public List<Long> hashes(String session) {
    return segments(session).stream()
        .flatMap(segment -> segment.getAccessUnitsList().stream())
        .map(unit -> unit.getContentHash())
        .toList();
  }

  public List<ReportKind> reportKinds(String session) {
    return reports.stream()
        .filter(report -> session.equals(report.session()))
        .map(ConnectionReport::kind)
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
    consumer.close();
  }

  private void awaitThat(Callable<Boolean> condition) {
    // In this thread: a consumer belongs to one.
    Awaitility.await()
        .pollInSameThread()
        .atMost(AT_MOST)
        .until(
            () -> {
              poll();
              return condition.call();
            });
  }

  private void poll() throws RejectedRecordException {
    for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofMillis(50))) {
      if (read.topic().equals(Topics.REPORTS)) {
        reports.add(JsonRecords.readReport(read.value()));
      } else {
        segments.add(Segments.read(read.value()));
      }
    }
  }
}
