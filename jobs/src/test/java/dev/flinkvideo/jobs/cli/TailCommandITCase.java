package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SegmentBuilder;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Transport;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TailCommandITCase {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static EmbeddedBroker broker;
  private static KafkaProducer<String, byte[]> producer;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(1));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new StringSerializer(),
            new ByteArraySerializer());
    for (int i = 0; i < 3; i++) {
      send(Topics.EVENTS, JsonRecords.write(Event.builder("lobby", EventKind.STREAMING).build(i)));
    }
    sendSegments();
    var rejected = new ProducerRecord<>(Topics.REJECTED, "lobby", new byte[] {1, 2, 3});
    rejected.headers().add("reason", "unreadable".getBytes(UTF_8));
    rejected.headers().add("message", "not a segment".getBytes(UTF_8));
    producer.send(rejected).get();
  }

  @AfterAll
  static void stop() {
    producer.close();
    broker.close();
  }

  @Test
  void shouldPrintJsonRecordsAndEndWhenNothingComes() throws Exception {
    CapturedRun tail = tail(Topics.EVENTS, "--from-beginning");

    assertThat(tail.exitCode()).isZero();
    assertThat(tail.out()).hasSize(3);
    assertThat(JsonRecords.readEvent(tail.out().get(2).getBytes(UTF_8)).atUs()).isEqualTo(2);
  }

  @Test
  void shouldEndAfterAsManyRecordsAsWereAskedFor() {
    CapturedRun tail = tail(Topics.EVENTS, "--from-beginning", "--max", "2");

    assertThat(tail.out()).hasSize(2);
  }

  @Test
  void shouldStartWithTheNextRecordUnlessToldOtherwise() {
    assertThat(tail(Topics.EVENTS).out()).isEmpty();
  }

  @Test
  void shouldPrintSegmentsWithoutTheirPictures() throws Exception {
    CapturedRun tail = tail(Topics.SEGMENTS, "--from-beginning");

    JsonNode segment = MAPPER.readTree(tail.out().get(0));
    assertThat(segment.get("session").asText()).isEqualTo("lobby");
    assertThat(segment.get("sequence").isIntegralNumber()).isTrue();
    assertThat(segment.get("payloadBytes").asInt()).isEqualTo(100);
    assertThat(segment.has("payload")).isFalse();
    assertThat(segment.at("/accessUnits/0/size").asInt()).isEqualTo(100);
    assertThat(segment.at("/accessUnits/0/pts").isIntegralNumber()).isTrue();
    assertThat(segment.at("/accessUnits/0/contentHash").isTextual()).isTrue();

    assertThat(MAPPER.readTree(tail.out().get(1)))
        .isEqualTo(
            MAPPER.readTree(
                "{'session':'lobby','contentType':'video/mp2t','bytes':188}".replace('\'', '"')));
    assertThat(MAPPER.readTree(tail.out().get(2)).get("unreadable").asText())
        .contains("not a segment");
  }

  @Test
  void shouldPrintWhyARecordWasRejected() {
    assertThat(tail(Topics.REJECTED, "--from-beginning").out())
        .containsExactly(
            "{'key':'lobby','reason':'unreadable','message':'not a segment','bytes':3}"
                .replace('\'', '"'));
  }

  @Test
  void shouldNameATopicThatDoesNotExistAndThoseThatDo() {
    CapturedRun tail = tail("video.evnets");

    assertThat(tail.exitCode()).isEqualTo(1);
    assertThat(tail.err()).hasLineCount(1).contains("topic=video.evnets").contains("video.events");
  }

  @Test
  void shouldNameTheAddressWhereNoBrokerAnswers() {
    CapturedRun tail = CapturedRun.of("tail", Topics.EVENTS, "--bootstrap", "nowhere");

    assertThat(tail.exitCode()).isEqualTo(1);
    assertThat(tail.err()).hasLineCount(1).contains("bootstrap=nowhere");
  }

  @Test
  void shouldEndCleanlyWhenItsReaderGoesAway() throws Exception {
    PipedOutputStream pipe = new PipedOutputStream();
    new PipedInputStream(pipe).close();
    String[] args = args(Topics.EVENTS, "--from-beginning", "--timeout", "10m");
    CommandLine commandLine =
        FlinkVideo.commandLine(args).setOut(new PrintWriter(pipe, /* autoFlush= */ true));

    assertThat(commandLine.execute(args)).isZero();
  }

  private static CapturedRun tail(String topic, String... options) {
    return CapturedRun.of(args(topic, options));
  }

  private static String[] args(String topic, String... options) {
    String[] always = {"tail", topic, "--bootstrap", broker.bootstrap()};
    List<String> given = List.of(options);
    List<String> args = new ArrayList<>(List.of(always));
    args.addAll(given);
    if (!given.contains("--timeout")) {
      args.addAll(List.of("--timeout", "2s"));
    }
    return args.toArray(String[]::new);
  }

  private static void sendSegments() throws Exception {
    Connection connection =
        new Connection(
            "lobby",
            "lobby-file",
            1,
            1,
            Transport.TRANSPORT_FILE,
            new StreamFormat("h264", new byte[0], 1, 1_000));
    SegmentBuilder builder =
        new SegmentBuilder(
            connection, 100, segment -> send(Topics.SEGMENTS, Segments.write(segment)));
    builder.add(new EncodedUnit(new byte[100], 0, 0, true, 1), 1);
    builder.flush();
    var container = new ProducerRecord<>(Topics.SEGMENTS, "lobby", new byte[188]);
    container.headers().add("content-type", "video/mp2t".getBytes(UTF_8));
    producer.send(container).get();
    producer.send(new ProducerRecord<>(Topics.SEGMENTS, "lobby", new byte[] {7})).get();
  }

  private static void send(String topic, byte[] value) {
    producer.send(new ProducerRecord<>(topic, "lobby", value));
  }
}
