package dev.flinkvideo.operators.session;

/**
 * Since when a run of the job hears of its connections. When it is restored, seconds can pass until
 * the first report that lies on the log has come to it; what is silent until then is the job.
 * Immutable.
 *
 * @param startedMs when the run began
 * @param sinceMs when it heard, or is taken to have heard, its first report
 * @param heard it has
 */
record Hearing(long startedMs, long sinceMs, boolean heard) {
  /** Of a log that is heard from its beginning to its end. */
  static final Hearing ALWAYS = new Hearing(0, 0, true);

  /** By then a report would have come if there was a gateway. */
  private static final long AT_MOST_MS = 15_000;

  static Hearing begins(long nowMs) {
    return new Hearing(nowMs, nowMs, false);
  }

  Hearing after(Signal signal, long nowMs) {
    return heard
        ? this
        : new Hearing(
            startedMs, Math.min(nowMs, startedMs + AT_MOST_MS), signal instanceof Signal.Reported);
  }

  /** From when on silence counts that began with such a fact. */
  long since(long factMs) {
    return isOfThisRun(factMs) ? factMs : Math.max(factMs, sinceMs);
  }

  boolean isOfThisRun(long factMs) {
    return factMs >= startedMs;
  }
}
