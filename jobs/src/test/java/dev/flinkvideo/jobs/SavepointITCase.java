package dev.flinkvideo.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.UnitSource;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.jobs.lab.Comparison;
import dev.flinkvideo.jobs.lab.ReadSegments;
import dev.flinkvideo.jobs.lab.SeenObservation;
import dev.flinkvideo.jobs.lab.TopicReader;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.SegmentBuilder;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Savepoints of earlier versions, each with a file that says how many pictures of each session were
 * judged before it. They were taken in the middle of groups of pictures. {@code
 * -Dregenerate.savepoint=true} writes the newest anew, which is right only until the version is
 * released.
 */
@Timeout(300)
class SavepointITCase {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Path SAVEPOINTS = ROOT.resolve("jobs/src/test/resources/savepoints");
  private static final Path CODECS = ROOT.resolve("jobs/footage/codecs");
  private static final Path B_FRAMES = CODECS.resolve("h264-640x360.mp4");
  private static final Path SIMPLE = CODECS.resolve("vp8-416x234.webm");

  /** Pictures of {@link #SIMPLE} before its second key frame. */
  private static final int GROUP = 20;

  /** Segments of each session before the savepoint. */
  private static final int BEFORE = 25;

  private static final String JUDGED = "judged.properties";

  /** Names the topics of the run that is restored, as the savepoint does. */
  private static final String RESTORED = "restored";

  private static final String WATCHED = "lobby";
  private static final String SPECIFICATION =
      """
      {"version":1,"session":"lobby",
       "sources":[{"name":"truck","transport":"srt","endpoint":"srt://truck:9000"}],
       "policy":{"connectWithinMs":30000}}
      """;

  @TempDir private Path directory;

  /**
   * Two files, each picture observed. Decoder state is of version 1, admission state of version 2.
   */
  @Test
  void shouldGoOnFromASavepointOfVersion0Dot1() throws Exception {
    Path savepoint = SAVEPOINTS.resolve("0.1");
    Map<String, List<Segment>> segments =
        new TreeMap<>(
            Map.of(
                "b-frames", segments("b-frames", B_FRAMES, Transport.TRANSPORT_FILE, 1, 0),
                "simple", segments("simple", SIMPLE, Transport.TRANSPORT_FILE, 1, 0)));
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      publish(broker, segments, Integer.MAX_VALUE);
      shouldGoOn(broker, segments.keySet(), savepoint, "--observe", "frame", "--picture-md5");
    }
  }

  /**
   * Observed in intervals, one of them open: a file, and a session whose next connection repeats
   * pictures from before the savepoint. Beside them a session that waits for its source. Decoder
   * state is of version 2, admission state of version 3.
   */
  @Test
  void shouldGoOnFromASavepointWithIntervalsAnOverlapAndASession() throws Exception {
    Path savepoint = SAVEPOINTS.resolve("0.1-2");
    List<Segment> moved = new ArrayList<>();
    moved.addAll(segments("moved", SIMPLE, Transport.TRANSPORT_RTMP, 1, 0).subList(0, BEFORE));
    moved.addAll(segments("moved", SIMPLE, Transport.TRANSPORT_RTMP, 2, GROUP));
    Map<String, List<Segment>> segments =
        new TreeMap<>(
            Map.of(
                "b-frames",
                segments("b-frames", B_FRAMES, Transport.TRANSPORT_FILE, 1, 0),
                "moved",
                moved));
    String[] options = {"--observe", "300ms", "--decode.sessions", "complete"};
    if (Boolean.getBoolean("regenerate.savepoint")) {
      try (EmbeddedBroker broker = EmbeddedBroker.start()) {
        specify(broker);
        publish(broker, segments, BEFORE);
        regenerate(broker, segments.keySet(), savepoint, options);
      }
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      specify(broker);
      publish(broker, segments, Integer.MAX_VALUE);
      shouldGoOn(broker, segments.keySet(), savepoint, options);
      assertThat(changes(broker, RESTORED).get(0).path("from").asText())
          .as("it waited for its source, in vain")
          .isEqualTo("connecting");
    }
  }

  private void shouldGoOn(
      EmbeddedBroker broker, Set<String> sessions, Path savepoint, String... observed)
      throws Exception {
    run(broker, "calm", Optional.empty(), /* drain= */ true, observed);
    run(broker, RESTORED, Optional.of(savepoint), /* drain= */ true, observed);

    Properties before = before(savepoint);
    for (String session : sessions) {
      int seenBefore = Integer.parseInt(before.getProperty(session));
      List<SeenObservation> all = observations(broker, "calm", session);
      assertThat(seenBefore).as(session).isPositive().isLessThan(all.size());
      Comparison comparison =
          Comparison.of(
              all.subList(seenBefore, all.size()), observations(broker, RESTORED, session));
      assertThat(comparison.isEqualButForRepetition()).as(comparison.toString()).isTrue();
      assertThat(comparison.doubled()).as(comparison.toString()).isZero();
    }
  }

  private void regenerate(
      EmbeddedBroker broker, Set<String> sessions, Path savepoint, String... observed)
      throws Exception {
    Path taken = run(broker, RESTORED, Optional.empty(), /* drain= */ false, observed);
    FileUtils.deleteDirectory(savepoint.toFile());
    Files.createDirectories(savepoint);
    try (Stream<Path> files = Files.list(taken)) {
      for (Path file : files.toList()) {
        Files.copy(file, savepoint.resolve(file.getFileName()));
      }
    }
    StringBuilder before = new StringBuilder("# Observations before the savepoint.\n");
    for (String session : sessions) {
      before.append("%s=%d%n".formatted(session, observations(broker, RESTORED, session).size()));
    }
    Files.writeString(savepoint.resolve(JUDGED), before);
  }

  /** Reads all that is published. Returns the savepoint it ends with. */
  private Path run(
      EmbeddedBroker broker,
      String name,
      Optional<Path> savepoint,
      boolean drain,
      String... observed)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(observed));
    arguments.addAll(List.of("--bootstrap", broker.bootstrap(), "--job.group", name));
    arguments.addAll(List.of("--topics.output-prefix", name + "."));
    // The log is written anew, however long after the savepoint: that is no pause of the session.
    arguments.addAll(List.of("--admission.stall-after", "36500d"));
    arguments.addAll(List.of("--job.checkpoint-interval", "500ms"));
    Configuration options = JobConfiguration.parse(arguments.toArray(String[]::new));
    savepoint.ifPresent(
        place ->
            options.setString("flink.execution.state-recovery.path", place.toUri().toString()));
    VideoJob.prepareTopics(options);
    try (LocalCluster cluster = new LocalCluster(options)) {
      cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
      ReadSegments.await(broker.bootstrap(), name, 1);
      boolean specified =
          TopicReader.records(broker.bootstrap(), Topics.DEFAULT.sessions()).size() > 0;
      if (specified && name.equals(RESTORED)) {
        Waiting.until(
            WATCHED + " goes on", Duration.ofMinutes(2), () -> !changes(broker, name).isEmpty());
      }
      return Path.of(URI.create(cluster.stop(directory, drain)));
    }
  }

  private static List<SeenObservation> observations(
      EmbeddedBroker broker, String name, String session) throws IOException {
    String topic = new Topics(name + ".").observations();
    return TopicReader.observations(broker.bootstrap(), topic).stream()
        .filter(seen -> seen.content().path("session").asText().equals(session))
        .toList();
  }

  /** How the session that waits for its source changed. */
  private static List<ObjectNode> changes(EmbeddedBroker broker, String name) throws IOException {
    String topic = new Topics(name + ".").events();
    return TopicReader.records(broker.bootstrap(), topic).stream()
        .filter(event -> event.path("session").asText().equals(WATCHED) && event.has("from"))
        .toList();
  }

  private static void specify(EmbeddedBroker broker) throws Exception {
    Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(2));
    try (SessionTopics topics = new SessionTopics(broker.bootstrap())) {
      topics.write(Topics.DEFAULT.sessions(), WATCHED, SPECIFICATION.getBytes(UTF_8));
    }
  }

  /** The same records in the same order each time, which is what offsets in a savepoint rely on. */
  private static void publish(
      EmbeddedBroker broker, Map<String, List<Segment>> segments, int segmentsOfEach)
      throws Exception {
    Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(2));
    int most = segments.values().stream().mapToInt(List::size).max().orElseThrow();
    try (SegmentPublisher publisher =
        new SegmentPublisher(broker.bootstrap(), Topics.DEFAULT.segments())) {
      for (int i = 0; i < Math.min(segmentsOfEach, most); i++) {
        for (List<Segment> session : segments.values()) {
          if (i < session.size()) {
            publisher.publish(session.get(i));
          }
        }
      }
    }
  }

  /**
   * @param from the first of the clip's pictures, a key frame
   */
  private static List<Segment> segments(
      String session, Path clip, Transport transport, long epoch, int from) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (UnitSource source = new CompleteTimes(new FileSource(clip))) {
      Connection connection = new Connection(session, "file", epoch, 1, transport, source.format());
      // Not the gateway's sink: the segments must be cut as they were when the savepoints were
      // taken.
      SegmentBuilder builder = new SegmentBuilder(connection, 100, segments::add);
      for (int skipped = 0; skipped < from; skipped++) {
        source.next();
      }
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        builder.add(unit, /* arrivalUs= */ 1);
      }
      builder.flush();
    }
    return segments;
  }

  private static Properties before(Path savepoint) throws IOException {
    Properties before = new Properties();
    try (Reader reader = Files.newBufferedReader(savepoint.resolve(JUDGED))) {
      before.load(reader);
    }
    return before;
  }
}
