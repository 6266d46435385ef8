package dev.flinkvideo.ingest.transport;

import java.time.Duration;

/**
 * How long a connection may take.
 *
 * @param connect until the peer answered
 * @param firstUnit from then until the first access unit
 * @param nextUnit from each access unit to the next
 */
public record Deadlines(Duration connect, Duration firstUnit, Duration nextUnit) {
  public static final Deadlines DEFAULT =
      new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(3));
}
