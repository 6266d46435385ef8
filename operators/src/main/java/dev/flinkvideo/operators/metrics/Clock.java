package dev.flinkvideo.operators.metrics;

import java.time.Instant;

/** Microseconds since 1970; the same axis as the stamps in segments. Any thread. */
@FunctionalInterface
public interface Clock {
  Clock SYSTEM =
      () -> {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
      };

  long nowUs();
}
