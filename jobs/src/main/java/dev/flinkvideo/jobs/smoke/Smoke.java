package dev.flinkvideo.jobs.smoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.lab.LiveSessions;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Plays a session to a gateway and kills its source, plays another into Kafka and has a TaskManager
 * killed, and looks at what consumers see of it. Leaves nothing behind but records. One thread.
 */
public final class Smoke {
  private static final String FED = "smoke";
  private static final String PLAYED = "smoke-file";
  private static final String FIRST = "rtmp";
  private static final String SECOND = "srt";

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);
  private static final Duration MOVED_WITHIN = Duration.ofSeconds(15);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(120);

  /** Long enough before a failure for a checkpoint to have been made. */
  private static final Duration PLAYS_FOR = Duration.ofSeconds(12);

  /** Two sources, the second kept open: a session that can be moved at once. */
  private static final String SPECIFICATION =
      """
      {"version": 1, "session": "smoke",
       "sources": [{"name": "rtmp", "transport": "rtmp", "streamKey": "live/smoke"},
                   {"name": "srt", "transport": "srt", "streamKey": "smoke"}],
       "policy": {"standbys": 1, "returnToPreferred": false}}
      """;

  private static final List<String> NEEDED =
      List.of(Topics.SESSIONS, Topics.REPORTS, Topics.STATUS, Topics.OBSERVATIONS, Topics.SEGMENTS);

  private final SmokeSettings settings;
  private final Topics names;
  private final List<Check> checks = new ArrayList<>();

  public Smoke(SmokeSettings settings) {
    this.settings = settings;
    this.names = settings.kafka().topics();
  }

  /** Runs all of it; a check that fails does not end it. */
  public List<Check> run() throws Exception {
    if (settings.rest().isPresent()) {
      JobManager jobManager = new JobManager(settings.rest().get());
      seconds("a job runs with all its tasks", READY_WITHIN, jobManager::hasRunningJob);
    }
    try (SessionTopics topics = new SessionTopics(settings.kafka(), NEEDED);
        SeenPictures seen = new SeenPictures(settings.kafka(), FED, PLAYED)) {
      if (settings.gateway().isPresent()) {
        feed(topics, seen, settings.gateway().get());
      }
      play(seen);
    }
    return checks;
  }

  private void feed(SessionTopics topics, SeenPictures seen, SmokeSettings.GatewayAddresses gateway)
      throws Exception {
    topics.follow(names.reports());
    seconds("a gateway reports", READY_WITHIN, () -> greeted(topics));
    topics.write(names.sessions(), FED, SPECIFICATION.getBytes(UTF_8));
    Path clip = settings.footage().resolve("one-by-one-person-detection.mp4");
    try (Encoder first = Encoder.rtmp(clip, gateway);
        Encoder second = Encoder.srt(clip, gateway)) {
      seconds(
          "a published stream is judged",
          SEEN_WITHIN,
          () -> {
            first.keepCalling();
            return seen.look(FED).pictures() > 0;
          });
      seconds(
          "its second source stands by",
          SEEN_WITHIN,
          () -> {
            second.keepCalling();
            return isReady(topics, SECOND);
          });
      settings.progress().accept("killing the first source of session " + FED);
      first.kill();
      seconds(
          "the first source killed, pictures come from the second",
          MOVED_WITHIN,
          () -> seen.look(FED).source().equals(SECOND));
      checks.add(none("pictures of it said to be something else", seen.look(FED).contradicted()));
    } finally {
      topics.write(names.sessions(), FED, null);
    }
  }

  private void play(SeenPictures seen) throws Exception {
    LiveSessions player = new LiveSessions(settings.kafka());
    try {
      player.open(PLAYED, settings.footage().resolve("bottle-detection.mp4"));
      seconds("a stream on Kafka is judged", SEEN_WITHIN, () -> seen.look(PLAYED).pictures() > 0);
      long atNs = System.nanoTime();
      while (System.nanoTime() - atNs < PLAYS_FOR.toNanos()) {
        seen.look(PLAYED);
      }
      if (settings.kill().isPresent()) {
        kill(settings.kill().get(), player, seen);
      }
    } finally {
      player.close(); // all of it is on the topic
    }
    long published = player.pictures();
    await(SEEN_WITHIN, () -> seen.look(PLAYED).pictures() >= published);
    SeenPictures.Session all = seen.look(PLAYED);
    settings
        .progress()
        .accept(
            "%d pictures published, %d judged, %d observations came again as they were"
                .formatted(published, all.pictures(), all.repeated()));
    checks.add(none("pictures lost", Math.max(0, published - all.pictures())));
    checks.add(
        none(
            "pictures doubled or contradicted",
            Math.max(0, all.pictures() - published) + all.contradicted()));
  }

  private void kill(String command, LiveSessions player, SeenPictures seen) throws Exception {
    settings.progress().accept("killing a TaskManager: " + command);
    long atNs = System.nanoTime();
    int exit =
        new ProcessBuilder("sh", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("--kill: '%s' ended with %d".formatted(command, exit));
    }
    long publishedBefore = player.pictures();
    boolean back = await(BACK_WITHIN, () -> seen.look(PLAYED).pictures() > publishedBefore);
    double tookS = (System.nanoTime() - atNs) / 1e9;
    checks.add(
        within("a TaskManager killed, pictures sent after it judged", back, tookS, BACK_WITHIN));
    if (settings.rest().isPresent()) {
      JobManager jobManager = new JobManager(settings.rest().get());
      seconds("all tasks run again", BACK_WITHIN, jobManager::hasRunningJob);
    }
  }

  private static boolean greeted(SessionTopics topics) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : topics.next()) {
      if (new ObjectMapper().readTree(record.value()).path("kind").asText().equals("greeting")) {
        return true;
      }
    }
    return false;
  }

  private boolean isReady(SessionTopics topics, String name) throws RejectedRecordException {
    byte[] status = topics.newest(names.status()).get(FED);
    return status != null && JsonRecords.readStatus(status).isReady(name);
  }

  private void seconds(String name, Duration atMost, Callable<Boolean> done) throws Exception {
    settings.progress().accept("waiting until " + name);
    long atNs = System.nanoTime();
    boolean passed = await(atMost, done);
    checks.add(within(name, passed, (System.nanoTime() - atNs) / 1e9, atMost));
  }

  private static boolean await(Duration atMost, Callable<Boolean> done) throws Exception {
    long deadlineNs = System.nanoTime() + atMost.toNanos();
    while (!done.call()) {
      if (System.nanoTime() > deadlineNs) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return true;
  }

  private static Check within(String name, boolean passed, double tookS, Duration atMost) {
    return new Check(name, tookS, atMost.toSeconds(), "s", passed);
  }

  private static Check none(String name, long count) {
    return Check.atMost(name, count, 0, "");
  }
}
