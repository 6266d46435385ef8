package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Says once of each lease or frame that is older than it may be: a leak, found without waiting for
 * a collection. Task thread only; belongs to the {@link DecodeOperator}.
 */
final class LeaseAlarms {
  private final FramePool pool;
  private final Consumer<Event.Builder> events;
  private final Set<Long> reported = new HashSet<>();

  LeaseAlarms(FramePool pool, Consumer<Event.Builder> events) {
    this.pool = pool;
    this.events = events;
  }

  /**
   * @param nowNs by {@link System#nanoTime}
   */
  void look(long nowNs) {
    pool.overdue(nowNs).stream()
        .filter(overdue -> reported.add(overdue.generation()))
        .forEach(
            overdue ->
                events.accept(
                    Event.builder(overdue.owner(), EventKind.LEASE_OVERDUE)
                        .name(overdue.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .message(
                            "bytes=%d ageMs=%d generation=%d"
                                .formatted(
                                    overdue.bytes(),
                                    overdue.ageNs() / 1_000_000,
                                    overdue.generation()))));
  }
}
