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
 * The whole system in one process: a Kafka broker, the job in a mini cluster, and sessions of real
 * footage played into it live. {@link #run} returns after the given duration, or when its thread is
 * interrupted.
 */
public final class Demo {
  /** How long to wait at the end for pictures that are on their way: stall time and then some. */
  private static final Duration DRAIN = Duration.ofSeconds(8);

  private static final Duration REDRAW = Duration.ofMillis(500);
  private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);

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

  private final Path footage;
  private final int count;
  private final DemoTable table;

  /**
   * @param footage directory of the clips
   * @param sessions how many, at least 4: the three clips, the one with faults, then the clips
   *     again
   */
  public Demo(Path footage, int sessions, PrintWriter out, boolean terminal) {
    this.footage = footage;
    this.count = sessions;
    this.table = new DemoTable(out, terminal);
  }

  /**
   * @param duration how long to play, or null for until interrupted
   */
  public DemoReport run(Duration duration) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
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
      boolean interrupted = false;
      try {
        sessions.forEach(DemoSession::start);
        watch(sessions, seen, duration);
      } catch (InterruptedException e) {
        interrupted = true; // Ctrl-C: there is still a report to make
      } finally {
        sessions.forEach(DemoSession::close);
      }
      if (!interrupted) {
        publisher.flush();
        awaitDrained(sessions, seen);
      }
      return DemoReport.of(sessions, seen);
    }
  }

  private List<DemoSession> sessions(SegmentPublisher publisher) {
    List<DemoSession> sessions = new ArrayList<>();
    List<String> names = List.of("road", "corridor", "belt");
    for (int i = 0; i < count; i++) {
      Path clip = footage.resolve(CLIPS.get(i % CLIPS.size()));
      if (i == CLIPS.size()) {
        sessions.add(
            DemoSession.faulty("faulty", footage.resolve(CLIPS.get(2)), FAULTS, publisher));
      } else {
        int position = i > CLIPS.size() ? i - 1 : i;
        clip = footage.resolve(CLIPS.get(position % CLIPS.size()));
        int round = position / CLIPS.size();
        String name = names.get(position % names.size()) + (round == 0 ? "" : "-" + (round + 1));
        sessions.add(DemoSession.of(name, clip, publisher));
      }
    }
    return sessions;
  }

  private void watch(List<DemoSession> sessions, Seen seen, Duration duration)
      throws InterruptedException {
    long startNs = System.nanoTime();
    Duration interval = table.isTerminal() ? REDRAW : PLAIN_INTERVAL;
    while (true) {
      long elapsedNs = System.nanoTime() - startNs;
      long leftNs = duration == null ? Long.MAX_VALUE : duration.toNanos() - elapsedNs;
      if (leftNs <= 0) {
        table.draw(Duration.ofNanos(elapsedNs), sessions, seen);
        return;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(interval.toNanos(), leftNs));
      table.draw(Duration.ofNanos(System.nanoTime() - startNs), sessions, seen);
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
