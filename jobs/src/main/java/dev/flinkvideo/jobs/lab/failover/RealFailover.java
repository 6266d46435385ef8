package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cluster.GatewayProcess;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.jobs.lab.LabSettings;
import dev.flinkvideo.jobs.lab.Outcome;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FileUtils;

/**
 * One programme is published by RTMP, SRT and WebRTC at once to gateways in processes of their own:
 * whoever is watched is killed or stalled at random moments, then gateways are killed. Kafka and
 * the job are in this process. One run; the caller's thread, and one for each session.
 *
 * <pre>
 *   playout ─┬─ UDP ─▶ ffmpeg ─ RTMP ───▶ gateway one ─┐
 *            ├─ UDP ─▶ ffmpeg ─ SRT ────▶ or two       ├─▶ Kafka ─▶ job
 *            └─ UDP ─▶ ffmpeg ─ WebRTC ─▶              ┘
 * </pre>
 */
final class RealFailover {
  /** Every picture is judged, however late: what is missing was lost. */
  private static final List<String> OPTIONS =
      List.of(
          "--observe", "frame", "--decode.sessions", "complete", "--session.forget-after", "10min");

  /** Of three encodes of the same pictures. */
  private static final List<Integer> WIDTHS_PX = List.of(384, 320, 256);

  private static final List<Integer> ONE_ENCODE = List.of(0, 0, 0);
  private static final List<Integer> THREE_ENCODES = List.of(0, 1, 2);
  private static final List<SourceTransport> TRANSPORTS =
      List.of(SourceTransport.RTMP, SourceTransport.SRT, SourceTransport.WEBRTC);

  /** Which say when pictures were taken. */
  private static final List<SourceTransport> TRANSPORTS_WITH_CLOCKS =
      Collections.nCopies(3, SourceTransport.WEBRTC);

  private static final long PEACE_MS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final LabSettings settings;
  private final Path logs;
  private final List<RealSession> sessions = new ArrayList<>();

  /**
   * @param logs where the gateways log
   */
  RealFailover(LabSettings settings, Path logs) {
    this.settings = settings;
    this.logs = logs;
  }

  Outcome run() throws Exception {
    Path directory = Files.createTempDirectory("flink-video-lab-");
    settings.say("starting Kafka, the job and two gateways; encoding the programme");
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      List<String> arguments = new ArrayList<>(OPTIONS);
      arguments.addAll(List.of("--bootstrap", broker.bootstrap(), "--picture-md5", "true"));
      Configuration options = JobConfiguration.parse(arguments.toArray(String[]::new));
      VideoJob.prepareTopics(options);
      try (LocalCluster cluster = new LocalCluster(options)) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        return run(broker.bootstrap(), encodes(directory));
      }
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private Outcome run(String bootstrap, List<Path> encodes) throws Exception {
    publish(bootstrap, encodes);
    try (GatewayProcess one =
            GatewayProcess.start(settings.installation(), "gateway-one", bootstrap, logs);
        GatewayProcess two =
            GatewayProcess.start(settings.installation(), "gateway-two", bootstrap, logs);
        Playout playout = new Playout(encodes)) {
      Stage stage = new Stage(bootstrap, playout);
      RealSession killed = stage.session("killed", ONE_ENCODE, one, one);
      RealSession stalled = stage.session("stalled", ONE_ENCODE, one, one);
      RealSession otherKilled = stage.session("other-killed", THREE_ENCODES, one, one);
      RealSession otherStalled = stage.session("other-stalled", THREE_ENCODES, one, one);
      RealSession twoGateways = stage.session("two-gateways", ONE_ENCODE, one, two);
      RealSession restarted = stage.session("restarted", ONE_ENCODE, two, two);
      RealSession clocks =
          stage.session("clocks-killed", TRANSPORTS_WITH_CLOCKS, THREE_ENCODES, one, one);
      playout.start();
      settings.say("sources killed and stalled, %d moments each", settings.moments());
      Random random = new Random(settings.seed());
      together(
          List.of(
              disturbing(killed, Disturbance.KILLED, random.nextLong()),
              disturbing(stalled, Disturbance.STALLED, random.nextLong()),
              disturbing(otherKilled, Disturbance.KILLED, random.nextLong()),
              disturbing(otherStalled, Disturbance.STALLED, random.nextLong()),
              disturbing(clocks, Disturbance.KILLED, random.nextLong())));
      settings.say("gateways killed");
      killOneOf(twoGateways, one);
      killAndRestart(restarted, two);
      return outcome(bootstrap);
    } finally {
      sessions.forEach(RealSession::close);
    }
  }

  private Callable<Void> disturbing(RealSession session, Disturbance how, long seed) {
    return () -> {
      session.disturb(how, settings.moments(), new Random(seed));
      session.remove();
      return null;
    };
  }

  /** The one that the session is watched by dies, and its sources with it. */
  private static void killOneOf(RealSession session, GatewayProcess one) throws Exception {
    session.begin();
    session.awaitWhole();
    String watched = session.strike("gateway killed", PEACE_MS, source -> one.kill()).source();
    session.await("watched by the other", status -> !watched.equals(status.source()));
    session.watchOn();
    session.remove();
  }

  private static void killAndRestart(RealSession session, GatewayProcess two) throws Exception {
    session.begin();
    session.awaitWhole();
    Long epoch = session.strike("gateway killed", PEACE_MS, source -> two.kill()).epoch();
    two.restart();
    session.await("live anew", status -> !epoch.equals(status.epoch()));
    session.awaitWhole();
    session.watchOn();
    session.remove();
  }

  private static void together(List<Callable<Void>> all) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      for (Future<Void> done : threads.invokeAll(all)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Path> encodes(Path directory) throws Exception {
    List<Path> clips = settings.clips();
    List<Path> encodes = new ArrayList<>();
    for (int widthPx : WIDTHS_PX) {
      Path to = directory.resolve(widthPx + ".mp4");
      encodes.add(Playout.encode(clips.get(clips.size() - 1), widthPx, to));
    }
    return encodes;
  }

  /** Has each encode judged once, so that its pictures are known by their checksums. */
  private static void publish(String bootstrap, List<Path> encodes) throws IOException {
    try (SegmentPublisher publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments())) {
      for (int i = 0; i < encodes.size(); i++) {
        Path encode = encodes.get(i);
        new FilePublisher(
                () -> new FileSource(encode),
                FilePublisher.segments(reference(i), publisher::publish),
                Playback.AT_ONCE)
            .play();
      }
    }
  }

  private static String reference(int encode) {
    return "reference-" + encode;
  }

  private Outcome outcome(String bootstrap) throws Exception {
    Played[] played = new Played[1];
    Waiting.until(
        "all pictures are judged",
        PATIENCE,
        () -> {
          Played before = played[0];
          played[0] = Played.read(bootstrap, Topics.DEFAULT);
          return before != null && before.observations() == played[0].observations();
        });
    return new RealFindings(played[0], references(played[0]), pictureSeconds(played[0]))
        .outcome(sessions, logs);
  }

  private static List<PictureNumbers.Reference> references(Played played) throws Exception {
    List<PictureNumbers.Reference> references = new ArrayList<>();
    for (int i = 0; i < WIDTHS_PX.size(); i++) {
      List<String> md5s = new ArrayList<>();
      for (JsonNode observation : played.observations(reference(i))) {
        md5s.add(observation.path("md5").asText());
      }
      references.add(new PictureNumbers.Reference(md5s));
    }
    return references;
  }

  private static double pictureSeconds(Played played) throws Exception {
    List<JsonNode> pictures = played.observations(reference(0));
    long lastNs = pictures.get(pictures.size() - 1).path("timeNs").asLong();
    return lastNs / 1e9 / (pictures.size() - 1);
  }

  /** Where sessions are made. */
  private final class Stage {
    private final String bootstrap;
    private final Playout playout;

    Stage(String bootstrap, Playout playout) {
      this.bootstrap = bootstrap;
      this.playout = playout;
    }

    /**
     * @param encodes by RTMP, SRT and WebRTC
     * @param first the gateway that takes RTMP
     * @param others takes the others
     */
    RealSession session(
        String name, List<Integer> encodes, GatewayProcess first, GatewayProcess others)
        throws Exception {
      return session(name, TRANSPORTS, encodes, first, others);
    }

    RealSession session(
        String name,
        List<SourceTransport> transports,
        List<Integer> encodes,
        GatewayProcess first,
        GatewayProcess others)
        throws Exception {
      List<RealSource> sources = new ArrayList<>();
      for (int i = 0; i < transports.size(); i++) {
        SourceTransport transport = transports.get(i);
        GatewayProcess.Ports ports = (i == 0 ? first : others).ports();
        if (transport != SourceTransport.SRT || ports.srt() > 0) {
          String source = transport.name().toLowerCase(Locale.ROOT);
          String numbered = transports.indexOf(transport) < i ? source + (i + 1) : source;
          sources.add(new RealSource(name, numbered, transport, encodes.get(i), playout, ports));
        }
      }
      if (sessions.size() % 2 == 1) {
        Collections.reverse(sources); // each of them is preferred by some session
      }
      RealSession session = new RealSession(name, sources, new Operator(bootstrap, Topics.DEFAULT));
      sessions.add(session);
      return session;
    }
  }
}
