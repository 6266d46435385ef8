package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.Timing;
import java.time.Duration;
import java.util.Locale;

/**
 * What a status says of decoding, for people. What was said long ago is not said again: segments
 * have stopped since.
 */
record DecodingText(Decoding decoding) {
  private static final Duration STALE_AFTER = Duration.ofMinutes(1);

  static DecodingText of(SessionStatus status, long nowMs) {
    Decoding told = status.decoding();
    boolean stale = told == null || nowMs - told.atMs() > STALE_AFTER.toMillis();
    return new DecodingText(stale ? null : told);
  }

  boolean isKnown() {
    return decoding != null;
  }

  /** Null if it is not known. */
  String fidelity() {
    return isKnown() ? decoding.fidelity().label() : null;
  }

  /** Of every other picture it was less; null if it is not known. */
  String latency() {
    return isKnown() && decoding.latencyP50Ms() != null ? decoding.latencyP50Ms() + " ms" : null;
  }

  /** One or two lines; only if it is known. */
  String lines() {
    String first =
        String.format(
            Locale.ROOT,
            "decoded: %s, %d pictures in %.1f s",
            decoding.fidelity().label(),
            decoding.pictures(),
            decoding.intervalMs() / 1e3);
    if (decoding.newest() == null) {
      return first;
    }
    return "%s, latency %d ms, 99th percentile %d ms%n%s"
        .formatted(
            first, decoding.latencyP50Ms(), decoding.latencyP99Ms(), stages(decoding.newest()));
  }

  private static String stages(Timing timing) {
    String append =
        timing.arrivalUs() == null
            ? ""
            : ms(timing.arrivalUs(), timing.appendUs()) + " to append, ";
    return "newest:  %s%s to fetch, %s to decoder, %s decoding, %s judging"
        .formatted(
            append,
            ms(timing.appendUs(), timing.fetchUs()),
            ms(timing.fetchUs(), timing.decodeStartUs()),
            ms(timing.decodeStartUs(), timing.decodeEndUs()),
            ms(timing.decodeEndUs(), timing.emittedUs()));
  }

  private static String ms(long fromUs, long toUs) {
    return String.format(Locale.ROOT, "%.1f ms", (toUs - fromUs) / 1e3);
  }
}
