package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.Rational;
import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.cluster.RunningJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.LongSummaryStatistics;

/**
 * How much of a clip one subtask can judge.
 *
 * @param judgedPerSecond pictures, when all of them wait in Kafka
 * @param shownPerSecond pictures that the clip has in a second of its time
 */
record Capacity(double judgedPerSecond, double shownPerSecond) {
  /** The compilers need some thousand pictures; the last round counts. */
  private static final int ROUNDS = 4;

  private static final double FALLBACK_RATE = 25;

  /** Sessions that one subtask carries. */
  double sessions() {
    return judgedPerSecond / shownPerSecond;
  }

  /** By a job of its own, which is gone afterwards. */
  static Capacity measure(Bench bench, Path clip) throws Exception {
    JobUnderTest job =
        new JobUnderTest(
            "capacity",
            Delivery.AT_LEAST_ONCE,
            List.of("--observe", "frame", "--decode.sessions", "complete"));
    RunningJob running = bench.submit(job, 1);
    for (int round = 0; round < ROUNDS; round++) {
      play(bench, clip, "capacity-" + round);
      bench.awaitRead(job, 1);
    }
    running.cancel();
    return new Capacity(
        judgedPerSecond(bench.observations(job), "capacity-" + (ROUNDS - 1)), shownPerSecond(clip));
  }

  private static void play(Bench bench, Path clip, String session) throws IOException {
    try (SegmentPublisher publisher =
        new SegmentPublisher(bench.bootstrap(), Topics.DEFAULT.segments())) {
      new FilePublisher(
              () -> new CompleteTimes(new FileSource(clip)),
              FilePublisher.segments(session, publisher::publish),
              Playback.AT_ONCE)
          .play();
    }
  }

  private static double judgedPerSecond(List<SeenObservation> seen, String session) {
    LongSummaryStatistics emittedUs =
        seen.stream()
            .filter(one -> one.session().equals(session))
            .mapToLong(SeenObservation::emittedUs)
            .summaryStatistics();
    return (emittedUs.getCount() - 1) * 1e6 / (emittedUs.getMax() - emittedUs.getMin());
  }

  private static double shownPerSecond(Path clip) throws IOException {
    try (FileSource file = new FileSource(clip)) {
      Rational rate = file.averageFrameRate();
      return rate.isKnown() ? (double) rate.numerator() / rate.denominator() : FALLBACK_RATE;
    }
  }
}
