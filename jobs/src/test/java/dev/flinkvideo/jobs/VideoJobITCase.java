package dev.flinkvideo.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cli.CapturedRun;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job in a mini cluster, on a real Kafka. */
@Timeout(300)
class VideoJobITCase {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Path FOOTAGE = ROOT.resolve("jobs/footage");
  private static final Path SHORT_CLIP =
      ROOT.resolve("operators/src/test/resources/clips/h264-420-8.mp4");
  private static final int SHORT_CLIP_FRAMES = 20;

  /** MPEG-TS counts time in 1/90000 s. */
  private static final Offset<Long> A_TICK_NS = within(11_112L);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static EmbeddedBroker broker;
  private static LocalCluster cluster;
  private static JobOutput output;

  @BeforeAll
  @Timeout(120)
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    Configuration options =
        JobConfiguration.parse(
            "--bootstrap",
            broker.bootstrap(),
            "--observe",
            "frame",
            "--picture-md5",
            "--admission.stall-after",
            "2s"); // short, yet no pause of a busy machine
    VideoJob.prepareTopics(options);
    cluster = new LocalCluster(options);
    cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
    output = new JobOutput(broker.bootstrap());
  }

  @AfterAll
  static void stop() throws Exception {
    output.close();
    cluster.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"bottle-detection.mp4, 1189", "car-detection.mp4, 377"})
  void shouldObserveEveryPictureOnceInWhateverFormItWasPublished(String clip, int frames)
      throws Exception {
    List<String> expected = inspectedMd5(FOOTAGE.resolve(clip));
    assertThat(expected).hasSize(frames);
    Map<String, String> sessions = new LinkedHashMap<>();
    for (String form : List.of("segments", "mp2t", "mp4")) {
      sessions.put(form, clip + "-" + form);
      publish(FOOTAGE.resolve(clip), sessions.get(form), "--as", form);
    }

    output.awaitStalled(sessions.values().toArray(String[]::new));

    sessions.forEach(
        (form, session) -> {
          List<FrameObservation> seen = output.frames(session);
          assertThat(seen)
              .as(form + output.events(session))
              .extracting(FrameObservation::md5)
              .isEqualTo(expected);
          assertThat(seen)
              .as(form)
              .extracting(FrameObservation::timeNs)
              .isSorted()
              .doesNotHaveDuplicates()
              .startsWith(0L);
          assertThat(seen)
              .as(form)
              .extracting(frame -> frame.sequence() + "/" + frame.frame())
              .doesNotHaveDuplicates();
          assertThat(seen).as(form).noneMatch(FrameObservation::damaged);
          assertThat(output.events(session, EventKind.DROPPED)).as(form).isEmpty();
        });
    List<FrameObservation> segments = output.frames(sessions.get("segments"));
    for (String form : List.of("mp2t", "mp4")) {
      assertThat(output.frames(sessions.get(form)))
          .as(form)
          .zipSatisfy(
              segments,
              (one, other) -> assertThat(one.timeNs()).isCloseTo(other.timeNs(), A_TICK_NS));
    }
  }

  @Test
  void shouldRejectWhatCannotBeReadAndLetItDisturbNobody() throws Exception {
    List<Segment> good = segments("undisturbed");
    byte[] noise = new byte[5_000];
    new Random(1).nextBytes(noise);
    byte[] segment = Segments.write(segments("somebody").get(0));
    byte[] newer =
        Segments.write(
            good.get(0).toBuilder().setVersion(Segments.VERSION + 1).setSequence(99).build());
    List<ProducerRecord<String, byte[]>> bad =
        List.of(
            record("undisturbed", Segments.CONTENT_TYPE, noise),
            record("undisturbed", null, noise),
            record("undisturbed", Segments.CONTENT_TYPE, segment),
            record("undisturbed", "video/x-matroska", noise),
            record("undisturbed", Segments.CONTENT_TYPE, newer),
            record(null, Segments.CONTENT_TYPE, segment),
            record(null, "video/mp2t", noise),
            record("undisturbed", Segments.CONTENT_TYPE, null),
            record("undisturbed", "video/x-large", new byte[1_048_000]),
            record("k".repeat(70_000), "video/x-named-at-length".repeat(5_000), noise),
            record("k".repeat(900_000), "video/mp4", noise));
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer = producer()) {
      for (int i = 0; i < good.size(); i++) {
        producer.send(record("undisturbed", Segments.CONTENT_TYPE, Segments.write(good.get(i))));
        int from = i * bad.size() / good.size();
        int to = (i + 1) * bad.size() / good.size();
        for (ProducerRecord<String, byte[]> record : bad.subList(from, to)) {
          sent.add(producer.send(record));
        }
      }
    }
    for (Future<RecordMetadata> record : sent) {
      record.get(); // Kafka took it
    }

    output.awaitStalled("undisturbed");
    output.awaitUntil("all are rejected", () -> output.rejected().size() >= bad.size());

    assertThat(output.rejected())
        .extracting(record -> key(record) + " " + header(record, "reason"))
        .containsExactlyInAnyOrder(
            "undisturbed unreadable",
            "undisturbed unreadable",
            "undisturbed key-mismatch",
            "undisturbed content-type",
            "undisturbed newer-version",
            "null key-mismatch",
            "null key-mismatch",
            "undisturbed unreadable",
            "undisturbed content-type",
            "k".repeat(8_192) + " invalid",
            "k".repeat(8_192) + " invalid");
    assertThat(output.rejected())
        .allSatisfy(
            record -> {
              assertThat(header(record, "message")).isNotBlank();
              assertThat(header(record, "origin")).matches("\\d+:\\d+");
            });
    assertThat(output.rejected())
        .filteredOn(record -> "video/x-matroska".equals(header(record, "content-type")))
        .singleElement()
        .satisfies(record -> assertThat(record.value()).isEqualTo(noise));
    assertThat(output.rejected())
        .filteredOn(record -> "video/x-large".equals(header(record, "content-type")))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.value()).hasSize(1_000_000);
              assertThat(header(record, "cut-from-bytes")).isEqualTo("1048000");
            });
    assertThat(output.frames("undisturbed"))
        .extracting(FrameObservation::md5)
        .isEqualTo(inspectedMd5(SHORT_CLIP));
    assertThat(output.events("undisturbed", EventKind.DROPPED)).isEmpty();
    assertThat(output.events("somebody")).isEmpty();
  }

  @Test
  void shouldWriteWhatTheSchemasSay() throws Exception {
    publish(SHORT_CLIP, "valid");
    List<Segment> gap = segments("gap");
    try (KafkaProducer<String, byte[]> producer = producer()) {
      for (Segment segment : gap) {
        if (segment.getSequence() != 2) {
          producer.send(record("gap", Segments.CONTENT_TYPE, Segments.write(segment)));
        }
      }
    }

    output.awaitStalled("valid", "gap");

    assertThat(output.frames("valid")).hasSize(SHORT_CLIP_FRAMES);
    assertThat(output.events("valid"))
        .extracting(Event::kind)
        .containsExactly(EventKind.STREAMING, EventKind.CONNECTION_CHANGED, EventKind.STALLED);
    assertThat(output.events("gap", EventKind.DROPPED))
        .extracting(Event::name)
        .contains("sequence-gap", "waiting-for-key-frame");
    assertThat(output.observationJson())
        .allSatisfy(json -> assertThat(Schemas.faults(Schemas.OBSERVATION, json)).isEmpty());
    assertThat(output.eventJson())
        .allSatisfy(json -> assertThat(Schemas.faults(Schemas.EVENT, json)).isEmpty());
  }

  private static void publish(Path file, String session, String... options) {
    List<String> args = new ArrayList<>(List.of("publish", file.toString(), "--session", session));
    args.addAll(List.of("--bootstrap", broker.bootstrap()));
    args.addAll(List.of(options));
    CapturedRun run = CapturedRun.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static List<String> inspectedMd5(Path file) throws Exception {
    CapturedRun run = CapturedRun.of("inspect", file.toString(), "--format", "json");
    List<String> md5 = new ArrayList<>();
    for (String line : run.out()) {
      JsonNode json = MAPPER.readTree(line);
      if (!json.has("summary")) {
        md5.add(json.get("md5").asText());
      }
    }
    return md5;
  }

  private static List<Segment> segments(String session) throws Exception {
    List<Segment> segments = new ArrayList<>();
    new FilePublisher(
            () -> new CompleteTimes(new FileSource(SHORT_CLIP)),
            FilePublisher.segments(session, segments::add),
            new Playback(/* realtime= */ false, /* loop= */ false))
        .play();
    return segments;
  }

  private static KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrap()),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private static ProducerRecord<String, byte[]> record(
      String key, String contentType, byte[] value) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.SEGMENTS, key, value);
    if (contentType != null) {
      record.headers().add("content-type", contentType.getBytes(UTF_8));
    }
    return record;
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? null : new String(record.key(), UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
