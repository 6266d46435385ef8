package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.jobs.publisher.Publisher;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.Trigger;
import dev.flinkvideo.protocol.TriggerPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The session that moves: published by RTMP, SRT and WHIP at once, by three ffmpeg processes, to a
 * gateway in this process. In turn the one that it is watched by is killed, the next is stopped,
 * and the picture of the third goes black. All of it in a thread of its own, so that the other
 * sessions need not wait for it; started and closed by the demo.
 */
final class Roaming implements AutoCloseable {
  static final String SESSION = "roaming";

  /** The source that is watched as long as nothing is done to it. */
  private static final String FIRST = "rtmp";

  private static final Duration BEGUN_WITHIN = Duration.ofSeconds(30);

  private static final String GATEWAY =
      """
      name: demo
      bind: 127.0.0.1
      auth: none
      rtmp: {port: 0}
      srt: {port: 0}
      webrtc: {port: 0, httpPort: 0}
      http: {port: 0}
      """;

  // Seconds of each round.
  private static final int KILLED = 4;
  private static final int FROZEN = 9;
  private static final int BACK = 14;
  private static final int BLACK = 16;
  private static final int BRIGHT = 22;
  private static final int ROUND = 24;

  private final Path clip;
  private final String bootstrap;
  private final Consumer<Happening> told;
  private final Thread thread = new Thread(this::run, SESSION);

  /**
   * @param clip without B-frames
   * @param told what is done to the session
   */
  Roaming(Path clip, String bootstrap, Consumer<Happening> told) {
    this.clip = clip;
    this.bootstrap = bootstrap;
    this.told = told;
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
    Joining.join(thread);
  }

  private void run() {
    GatewayConfiguration configuration = GatewayConfiguration.parse(SESSION, GATEWAY);
    try (Gateway gateway = new Gateway(configuration.withBootstrap(bootstrap))) {
      gateway.start();
      try (SessionTopics topics = new SessionTopics(bootstrap)) {
        topics.write(Topics.SESSIONS, SESSION, JsonRecords.write(specification()));
        gateway.awaitReady();
        List<Publisher> publishers = publishers(gateway);
        try {
          begin(publishers, topics);
          play(publishers);
        } finally {
          publishers.forEach(Publisher::close);
        }
      }
    } catch (InterruptedException e) {
      // the demo ends
    } catch (Exception e) { // whatever it is, the other sessions play on
      tell("cannot go on: " + e.getMessage());
    }
  }

  /** The first alone, until the session is watched by it: else that is whoever is quickest. */
  private static void begin(List<Publisher> publishers, SessionTopics topics) throws Exception {
    publishers.get(0).start();
    Waiting.until(
        "session %s is watched by %s".formatted(SESSION, FIRST),
        BEGUN_WITHIN,
        () -> {
          byte[] status = topics.newest(Topics.STATUS).get(SESSION);
          return status != null && isWatched(JsonRecords.readStatus(status));
        });
    for (Publisher publisher : publishers.subList(1, publishers.size())) {
      publisher.start();
    }
  }

  private static boolean isWatched(SessionStatus status) {
    return status.state().equals("streaming") && FIRST.equals(status.source());
  }

  private void play(List<Publisher> publishers) throws Exception {
    Publisher killed = publishers.get(0);
    Publisher frozen = publishers.get(1);
    Publisher blackened = publishers.get(publishers.size() - 1);
    for (long round = System.nanoTime(); true; round += TimeUnit.SECONDS.toNanos(ROUND)) {
      awaitSecond(round, KILLED);
      killed.kill();
      tell(killed.protocol() + " publisher killed");
      if (frozen != blackened) {
        awaitSecond(round, FROZEN);
        frozen.freeze();
        tell(frozen.protocol() + " publisher stopped, its connection stands");
      }
      awaitSecond(round, BACK);
      killed.start();
      tell(killed.protocol() + " publisher back");
      if (frozen != blackened) {
        frozen.start();
        tell(frozen.protocol() + " publisher back");
      }
      awaitSecond(round, BLACK);
      tell(blackened.protocol() + " publisher sends black");
      awaitSecond(round, ROUND);
    }
  }

  private static void awaitSecond(long startNs, int second) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(startNs + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
  }

  private void tell(String what) {
    told.accept(new Happening(SESSION, what, ""));
  }

  /** Without libsrt there is no SRT. */
  private List<Publisher> publishers(Gateway gateway) {
    List<Publisher> publishers = new ArrayList<>();
    publishers.add(
        publisher(
            "RTMP", "-c copy -f flv rtmp://127.0.0.1:%d/live/" + SESSION, gateway.rtmpPort()));
    if (gateway.srtPort() > 0) {
      publishers.add(
          publisher(
              "SRT",
              "-c copy -f mpegts srt://127.0.0.1:%d?streamid=" + SESSION,
              gateway.srtPort()));
    }
    String black =
        "-vf drawbox=color=black:t=fill:enable='between(mod(t,%d),%d,%d)'"
            .formatted(ROUND, BLACK, BRIGHT);
    String encode = " -c:v libopenh264 -profile:v constrained_baseline -b:v 700k -g 25";
    publishers.add(
        publisher(
            "WHIP",
            black + encode + " -f whip http://127.0.0.1:%d/whip/live/" + SESSION,
            gateway.whipPort()));
    return publishers;
  }

  private Publisher publisher(String protocol, String output, int port) {
    return new Publisher(
        protocol, clip, List.of(output.replace("%d", Integer.toString(port)).split(" ")));
  }

  /** Everybody waits warm, moves are quick, and a source that was repaired is taken again. */
  private static SessionSpecification specification() {
    PolicyOverrides policy =
        new PolicyOverrides(
            /* stallAfterMs= */ 2000L,
            null,
            null,
            /* reportWithinMs= */ 10_000L,
            /* backoffInitialMs= */ 100L,
            null,
            /* backoffMaxMs= */ 1000L,
            null,
            null,
            null,
            null,
            /* standbys= */ 2,
            /* returnToPreferred= */ false,
            null,
            /* quarantineFlaps= */ 16,
            /* quarantineWindowMs= */ 60_000L,
            null,
            null,
            Map.of(Trigger.BLACK, new TriggerPolicy(true, /* raiseMs= */ 0L, null, null)));
    return SessionSpecification.of(
            SESSION,
            SourceSpecification.push(FIRST, SourceTransport.RTMP, "live/" + SESSION),
            SourceSpecification.push("srt", SourceTransport.SRT, SESSION),
            SourceSpecification.push("webrtc", SourceTransport.WEBRTC, "live/" + SESSION))
        .withPolicy(policy);
  }
}
