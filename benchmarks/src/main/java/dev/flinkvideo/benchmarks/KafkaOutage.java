package dev.flinkvideo.benchmarks;

import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stops Kafka for a while and watches what a gateway makes of it. Stateless. */
final class KafkaOutage {
  private static final int DRAIN_WITHIN_S = 60;

  /** To read what Kafka has so far. */
  private static final int CATCH_UP_S = 10;

  private static final long SMALL_BYTES = 4 << 20;

  /** A second of pictures: a stream that has gone on. */
  private static final int GONE_ON_SEGMENTS = 10;

  /** Somewhat more than the clip takes to play, so that its rate is that of all of it. */
  private static final int RATE_SECONDS = 9;

  /** A group of pictures goes as a whole, and a clip's rate is not that of each moment. */
  private static final double TOLERANCE = 1.15;

  private KafkaOutage() {}

  /**
   * What was seen.
   *
   * @param publishersLeft connected at the end, of those before
   * @param peakBufferBytes that waited at once
   * @param boundBytes that may wait at once: as configured, in bytes or by the streams' rate
   * @param droppedSegments whole groups of pictures, the oldest first; as the gateway counts them
   * @param missingSegments that are not on Kafka, by their numbers
   * @param drainedSeconds after Kafka's return until what waited was sent
   * @param segmentsAfter that Kafka got since its return
   * @param streamsGoneOn that Kafka got new segments of once what waited was sent
   * @param streamsMidGroup that went on after a gap with anything but a key frame
   */
  record Result(
      int seconds,
      long publishersBefore,
      long publishersLeft,
      long peakBufferBytes,
      long boundBytes,
      long residentGrowthBytes,
      long droppedSegments,
      long missingSegments,
      double drainedSeconds,
      long segmentsAfter,
      long streams,
      long streamsGoneOn,
      long streamsMidGroup) {

    /** What must not be, in words; empty if all is well. */
    List<String> failures() {
      List<String> failures = new ArrayList<>();
      if (publishersLeft < publishersBefore) {
        failures.add("%d publishers were lost".formatted(publishersBefore - publishersLeft));
      }
      if (peakBufferBytes > boundBytes) {
        failures.add(
            "%.1f MB waited, the bound is %.1f MB"
                .formatted(peakBufferBytes / 1e6, boundBytes / 1e6));
      }
      if (residentGrowthBytes > boundBytes) {
        failures.add(
            "resident memory grew by %.1f MB, more than may wait"
                .formatted(residentGrowthBytes / 1e6));
      }
      if (missingSegments > droppedSegments) {
        failures.add(
            "%d segments are missing, %d were counted".formatted(missingSegments, droppedSegments));
      }
      if (streamsGoneOn < streams) {
        failures.add("%d streams did not go on".formatted(streams - streamsGoneOn));
      }
      if (streamsMidGroup > 0) {
        failures.add("%d streams went on without a key frame".formatted(streamsMidGroup));
      }
      return failures;
    }

    String describe() {
      return ("Kafka away for %d s: %d of %d publishers stayed, at most %.1f MB of %.1f MB waited (resident memory +%.1f MB),"
              + " %d segments dropped (%d missing on Kafka), the rest sent %.1f s after its return, %d segments since,"
              + " %d of %d streams went on")
          .formatted(
              seconds,
              publishersLeft,
              publishersBefore,
              peakBufferBytes / 1e6,
              boundBytes / 1e6,
              residentGrowthBytes / 1e6,
              droppedSegments,
              missingSegments,
              drainedSeconds,
              segmentsAfter,
              streamsGoneOn,
              streams);
    }
  }

  /**
   * Takes Kafka away and gives it back.
   *
   * @param log that follows since before the first segment
   * @param streams that are published
   */
  static Result run(
      BrokerProcess broker,
      GatewayFigures figures,
      GatewayConfiguration.Buffers buffers,
      SegmentLog log,
      int streams,
      int seconds)
      throws Exception {
    long publishers = figures.of("publishers");
    long boundBytes = boundBytes(figures, buffers);
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
    double drainedSeconds = (System.nanoTime() - backNs) / 1e9;
    log.awaitMore(Integer.MAX_VALUE, 1, CATCH_UP_S);
    log.awaitMore(streams, GONE_ON_SEGMENTS, DRAIN_WITHIN_S);
    return new Result(
        seconds,
        publishers,
        figures.of("publishers"),
        peak,
        boundBytes,
        growth,
        figures.of("dropped_segments_total") - droppedBefore,
        log.missing(),
        drainedSeconds,
        figures.of("segments_total") - sentBefore,
        streams,
        log.withMore(GONE_ON_SEGMENTS),
        log.beginMidGroup());
  }

  private static long boundBytes(GatewayFigures figures, GatewayConfiguration.Buffers buffers)
      throws Exception {
    long before = figures.of("segment_bytes_total");
    TimeUnit.SECONDS.sleep(RATE_SECONDS);
    double bytesPerSecond = (double) (figures.of("segment_bytes_total") - before) / RATE_SECONDS;
    double byAge = TOLERANCE * bytesPerSecond * buffers.kafkaSeconds();
    return (long) Math.min((double) buffers.kafkaMegabytes() * (1 << 20), byAge);
  }
}
