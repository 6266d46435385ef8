package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.FaultSchedule;
import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.local.LocalCluster;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;

/**
 * The whole system in one process: a Kafka broker, the job in a mini cluster, sessions of real
 * footage played into it live, and one that moves between protocols. {@link #run} returns after the
 * given duration, or when its thread is interrupted.
 */
public final class Demo {
  /** How long to wait at the end for pictures that are on their way; a stall is 3 s of it. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /**
   * Black from 6 to 10 s, frozen from 14 to 18 s: both seen, raised and cleared within half a
   * minute.
   */
  private static final FaultSchedule FAULTS =
      new FaultSchedule(
          Duration.ofSeconds(24),
          Duration.ofSeconds(6),
          Duration.ofSeconds(10),
          Duration.ofSeconds(14),
          Duration.ofSeconds(18));

  private static final List<String> CLIPS =
      List.of("car-detection.mp4", "one-by-one-person-detection.mp4", "bottle-detection.mp4");
  private static final List<String> NAMES = List.of("road", "corridor", "belt");

  private final Path footage;
  private final int count;
  private final PrintWriter out;
  private final boolean terminal;

  /**
   * @param footage directory of the clips
   * @param sessions how many, at least 4: the three clips, the one with faults, then the clips
   *     again
   */
  public Demo(Path footage, int sessions, PrintWriter out, boolean terminal) {
    this.footage = footage;
    this.count = sessions;
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * @param duration how long to play, or null for until interrupted
   */
  public DemoReport run(Duration duration) throws Exception {
    out.println("starting Kafka");
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      out.println("starting Flink and its job");
      Configuration options =
          JobConfiguration.parse("--bootstrap", broker.bootstrap(), "--observe", "frame");
      VideoJob.prepareTopics(options);
      try (LocalCluster cluster = new LocalCluster(options)) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        return play(broker.bootstrap(), duration);
      }
    }
  }

  private DemoReport play(String bootstrap, Duration duration) throws Exception {
    try (Seen seen = new Seen(bootstrap, Topics.DEFAULT);
        SegmentPublisher publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments())) {
      List<DemoSession> sessions = sessions(publisher);
      try {
        play(duration, sessions, new Roaming(clip(0), bootstrap, seen::add), seen);
        out.println("waiting for the pictures that are on their way");
        publisher.flush();
        awaitDrained(sessions, seen);
      } catch (InterruptedException e) {
        // Ctrl-C: there is still a report to make.
      }
      return DemoReport.of(sessions, seen);
    }
  }

  private void play(Duration duration, List<DemoSession> sessions, Roaming roaming, Seen seen)
      throws InterruptedException {
    try (Screen screen = Screen.of(out, terminal);
        roaming) {
      sessions.forEach(DemoSession::start);
      roaming.start();
      watch(duration, sessions, screen, new DemoTable(screen, sessions, seen));
    } finally {
      sessions.forEach(DemoSession::close);
    }
  }

  private List<DemoSession> sessions(SegmentPublisher publisher) {
    List<DemoSession> sessions = new ArrayList<>();
    for (int i = 0; i < count - 1; i++) {
      String round = i < NAMES.size() ? "" : "-" + (i / NAMES.size() + 1);
      sessions.add(DemoSession.of(NAMES.get(i % NAMES.size()) + round, clip(i), publisher));
    }
    sessions.add(CLIPS.size(), DemoSession.faulty("faulty", clip(2), FAULTS, publisher));
    return sessions;
  }

  private Path clip(int i) {
    return footage.resolve(CLIPS.get(i % CLIPS.size()));
  }

  private static void watch(
      Duration duration, List<DemoSession> sessions, Screen screen, DemoTable table)
      throws InterruptedException {
    long startNs = System.nanoTime();
    long totalNs = duration == null ? Long.MAX_VALUE : duration.toNanos();
    for (long playedNs = 0; playedNs < totalNs; playedNs = System.nanoTime() - startNs) {
      TimeUnit.NANOSECONDS.sleep(Math.min(screen.interval().toNanos(), totalNs - playedNs));
      table.draw();
      check(sessions);
    }
  }

  private static void check(List<DemoSession> sessions) {
    for (DemoSession session : sessions) {
      if (session.failure() != null) {
        throw new IllegalStateException(
            "session %s stopped playing: %s".formatted(session.name(), session.failure()),
            session.failure());
      }
    }
  }

  /** Until every picture that went in came out, as far as it will. */
  private static void awaitDrained(List<DemoSession> sessions, Seen seen)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + DRAIN.toNanos();
    while (System.nanoTime() < deadlineNs && !isDrained(sessions, seen)) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean isDrained(List<DemoSession> sessions, Seen seen) {
    synchronized (seen) {
      return sessions.stream().allMatch(s -> seen.session(s.name()).framesOut() >= s.framesIn());
    }
  }
}
