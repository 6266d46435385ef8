package dev.flinkvideo.benchmarks;

import java.util.concurrent.TimeUnit;

/** Stops Kafka for a while and watches what a gateway makes of it. Stateless. */
final class KafkaOutage {
  private static final int DRAIN_WITHIN_S = 60;
  private static final long SMALL_BYTES = 4 << 20;

  private KafkaOutage() {}

  /**
   * What was seen.
   *
   * @param publishersLeft connected at the end, of those before
   * @param peakBufferBytes that waited at once
   * @param droppedSegments whole groups of pictures, the oldest first
   * @param drainedSeconds after Kafka's return until what waited was sent
   * @param segmentsAfter that Kafka got since its return
   */
  record Result(
      int seconds,
      long publishersBefore,
      long publishersLeft,
      long peakBufferBytes,
      long residentGrowthBytes,
      long droppedSegments,
      double drainedSeconds,
      long segmentsAfter) {

    String describe() {
      return ("Kafka away for %d s: %d of %d publishers stayed, at most %.1f MB waited (resident memory +%.1f MB),"
              + " %d segments dropped, the rest sent %.1f s after its return, %d segments since")
          .formatted(
              seconds,
              publishersLeft,
              publishersBefore,
              peakBufferBytes / 1e6,
              residentGrowthBytes / 1e6,
              droppedSegments,
              drainedSeconds,
              segmentsAfter);
    }
  }

  static Result run(BrokerProcess broker, GatewayFigures figures, int seconds) throws Exception {
    long publishers = figures.of("publishers");
    long droppedBefore = figures.of("dropped_segments_total");
    long residentBefore = ProcessUse.residentBytes();
    broker.stop();
    long peak = 0;
    for (int i = 0; i < 4 * seconds; i++) {
      TimeUnit.MILLISECONDS.sleep(250);
      peak = Math.max(peak, figures.of("buffer_bytes"));
    }
    long growth = ProcessUse.residentBytes() - residentBefore;
    long sentBefore = figures.of("segments_total");
    broker.startAgain();
    long backNs = System.nanoTime();
    long untilNs = backNs + TimeUnit.SECONDS.toNanos(DRAIN_WITHIN_S);
    while (figures.of("buffer_bytes") > SMALL_BYTES && System.nanoTime() < untilNs) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return new Result(
        seconds,
        publishers,
        figures.of("publishers"),
        peak,
        growth,
        figures.of("dropped_segments_total") - droppedBefore,
        (System.nanoTime() - backNs) / 1e9,
        figures.of("segments_total") - sentBefore);
  }
}
