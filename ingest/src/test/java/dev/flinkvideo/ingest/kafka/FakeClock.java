package dev.flinkvideo.ingest.kafka;

/** Time that passes only while somebody waits, a little at a time, as parking may end early. */
final class FakeClock implements PlayClock {
  private static final long NAP_NANOS = 7_000_000;

  private long nowNanos = Long.MAX_VALUE - 1_000; // nanoTime may overflow at any moment
  private long passedNanos;

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public long epochUs() {
    return passedNanos / 1000;
  }

  @Override
  public void parkNanos(long nanos) {
    long nap = Math.min(nanos, NAP_NANOS);
    nowNanos += nap;
    passedNanos += nap;
  }

  double passedSeconds() {
    return passedNanos / 1e9;
  }
}
