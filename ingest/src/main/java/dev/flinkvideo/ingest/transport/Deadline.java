package dev.flinkvideo.ingest.transport;

import java.time.Duration;

/**
 * When a blocking read must end. Latched: once it has passed, or the read was told to stop, it
 * stays so, because libavformat asks again after a refusal and would go on in the middle of a
 * message. Armed by the reading thread; the rest from any.
 */
final class Deadline {
  private final long earlyNanos;
  private volatile long atNanos;
  private volatile boolean armed;
  private volatile boolean stopped;
  private volatile boolean passed;

  /**
   * @param lookedAtEvery by who waits: of its looks the one that is nearest to the end is taken for
   *     it; zero if it wakes up in time
   */
  Deadline(Duration lookedAtEvery) {
    this.earlyNanos = lookedAtEvery.toNanos() / 2;
  }

  void arm(Duration fromNow) {
    atNanos = System.nanoTime() + fromNow.toNanos();
    armed = true;
  }

  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether time ran out, as opposed to {@link #stop}. */
  boolean hasPassed() {
    if (!passed && armed && System.nanoTime() - atNanos >= -earlyNanos) {
      passed = true;
    }
    return passed;
  }

  boolean mustEnd() {
    return stopped || hasPassed();
  }

  /** What is left, or 0; without end before it is first armed. */
  long remainingNanos() {
    if (mustEnd()) {
      return 0;
    }
    return armed ? Math.max(0, atNanos - System.nanoTime()) : Long.MAX_VALUE;
  }
}
