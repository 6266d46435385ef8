package dev.flinkvideo.ingest.kafka;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;

/** The time that a player goes by. */
interface PlayClock {
  PlayClock SYSTEM =
      new PlayClock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public long epochUs() {
          return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        }

        @Override
        public void parkNanos(long nanos) {
          LockSupport.parkNanos(this, nanos);
        }
      };

  /** Runs evenly, from anywhere. */
  long nanoTime();

  /** Microseconds since 1970. */
  long epochUs();

  /** Waits; may return early. */
  void parkNanos(long nanos);
}
