package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.UnitSource;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
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
 * -Dregenerate.savepoint=true} writes that of this version anew, which is right only until the
 * version is released.
 */
@Timeout(300)
class SavepointITCase {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Path SAVEPOINT = ROOT.resolve("jobs/src/test/resources/savepoints/0.1");
  private static final Map<String, String> CLIPS =
      Map.of("b-frames", "h264-640x360.mp4", "simple", "vp8-416x234.webm");

  /** Segments of each session before the savepoint. */
  private static final int BEFORE = 25;

  private static final Path CODECS = ROOT.resolve("jobs/footage/codecs");
  private static final String JUDGED = "judged.properties";

  @TempDir private Path directory;

  @Test
  void shouldGoOnFromASavepointOfVersion0Dot1() throws Exception {
    if (Boolean.getBoolean("regenerate.savepoint")) {
      regenerate();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      publish(broker, Integer.MAX_VALUE);
      run(broker, "calm", Optional.empty(), /* drain= */ true);
      run(broker, "restored", Optional.of(SAVEPOINT), /* drain= */ true);

      Properties before = before();
      for (String session : CLIPS.keySet()) {
        int seenBefore = Integer.parseInt(before.getProperty(session));
        List<SeenObservation> all = observations(broker, "calm", session);
        assertThat(seenBefore).as(session).isPositive().isLessThan(all.size());
        Comparison comparison =
            Comparison.of(
                all.subList(seenBefore, all.size()), observations(broker, "restored", session));
        assertThat(comparison.isEqualButForRepetition()).as(comparison.toString()).isTrue();
        assertThat(comparison.doubled()).as(comparison.toString()).isZero();
      }
    }
  }

  private void regenerate() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      publish(broker, BEFORE);
      Path taken = run(broker, "before", Optional.empty(), /* drain= */ false);
      FileUtils.deleteDirectory(SAVEPOINT.toFile());
      Files.createDirectories(SAVEPOINT);
      try (Stream<Path> files = Files.list(taken)) {
        for (Path file : files.toList()) {
          Files.copy(file, SAVEPOINT.resolve(file.getFileName()));
        }
      }
      StringBuilder before = new StringBuilder("# Pictures judged before the savepoint.\n");
      for (String session : CLIPS.keySet()) {
        before.append("%s=%d%n".formatted(session, observations(broker, "before", session).size()));
      }
      Files.writeString(SAVEPOINT.resolve(JUDGED), before);
    }
  }

  /** Reads all that is published. Returns the savepoint it ends with. */
  private Path run(EmbeddedBroker broker, String name, Optional<Path> savepoint, boolean drain)
      throws Exception {
    Configuration options =
        JobConfiguration.parse(
            "--bootstrap",
            broker.bootstrap(),
            "--job.group",
            name,
            "--topics.output-prefix",
            name + ".",
            "--observe",
            "frame",
            "--picture-md5",
            "--admission.stall-after",
            "1h",
            "--job.checkpoint-interval",
            "500ms");
    savepoint.ifPresent(
        place ->
            options.setString("flink.execution.state-recovery.path", place.toUri().toString()));
    VideoJob.prepareTopics(options);
    try (LocalCluster cluster = new LocalCluster(options)) {
      cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
      ReadSegments.await(broker.bootstrap(), name, 1);
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

  /** The same records in the same order each time, which is what offsets in a savepoint rely on. */
  private static void publish(EmbeddedBroker broker, int segmentsOfEach) throws Exception {
    Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(2));
    Map<String, List<Segment>> segments = new TreeMap<>();
    for (Map.Entry<String, String> clip : CLIPS.entrySet()) {
      segments.put(clip.getKey(), segments(clip.getKey(), CODECS.resolve(clip.getValue())));
    }
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

  private static List<Segment> segments(String session, Path clip) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (UnitSource source = new CompleteTimes(new FileSource(clip))) {
      Connection connection =
          new Connection(session, "file", 1, 1, Transport.TRANSPORT_FILE, source.format());
      // Not the gateway's sink: the segments must be cut as they were when the savepoint was taken.
      SegmentBuilder builder = new SegmentBuilder(connection, 100, segments::add);
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        builder.add(unit, /* arrivalUs= */ 1);
      }
      builder.flush();
    }
    return segments;
  }

  private static Properties before() throws IOException {
    Properties before = new Properties();
    try (Reader reader = Files.newBufferedReader(SAVEPOINT.resolve(JUDGED))) {
      before.load(reader);
    }
    return before;
  }
}
