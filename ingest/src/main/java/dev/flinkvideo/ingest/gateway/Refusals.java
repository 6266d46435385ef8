package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts who was not let in, and says so at most once a second. Any thread. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final long LOG_EVERY_NANOS = 1_000_000_000;

  private final Map<EndReason, LongAdder> counts = new EnumMap<>(EndReason.class);
  private long lastLogNanos = System.nanoTime() - LOG_EVERY_NANOS;

  Refusals() {
    for (EndReason reason : EndReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  void count(String peer, Ending why) {
    counts.get(why.reason()).increment();
    if (mayLog()) {
      LOG.info("not let in: peer={} {}", peer, why);
    }
  }

  long of(EndReason reason) {
    return counts.get(reason).sum();
  }

  private synchronized boolean mayLog() {
    long nowNanos = System.nanoTime();
    if (nowNanos - lastLogNanos < LOG_EVERY_NANOS) {
      return false;
    }
    lastLogNanos = nowNanos;
    return true;
  }
}
