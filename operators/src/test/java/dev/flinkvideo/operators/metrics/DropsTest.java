package dev.flinkvideo.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DropsTest {
  private static final long SECOND_US = 1_000_000;

  private final RecordedMetrics metrics = new RecordedMetrics();
  private final List<Event> events = new ArrayList<>();
  private long nowUs = 1_000 * SECOND_US;
  private final Drops drops = new Drops(metrics, () -> nowUs, events::add);

  @Test
  void shouldSayTheFirstDropAtOnce() {
    drops.count("a", DropReason.CORRUPT, 1, event -> event.message("broken").at("truck", 1, 2, 3));

    assertThat(events)
        .containsExactly(
            Event.builder("a", EventKind.DROPPED)
                .name("corrupt")
                .count(1)
                .message("broken")
                .at("truck", 1, 2, 3)
                .build(nowUs));
  }

  @Test
  void shouldNotAnswerAFloodOfDropsWithAFloodOfEvents() {
    for (int i = 0; i < 1_000; i++) {
      drop("a", DropReason.CORRUPT, 1);
      nowUs += SECOND_US / 100;
    }

    assertThat(events).hasSize(10);
    assertThat(events).extracting(Event::count).startsWith(1L, 100L, 100L);
    assertThat(metrics.count("reason.corrupt.dropped")).isEqualTo(1_000);
  }

  @Test
  void shouldCountSessionsAndReasonsApart() {
    drop("a", DropReason.CORRUPT, 1);
    drop("b", DropReason.CORRUPT, 2);
    drop("a", DropReason.DUPLICATE, 3);

    assertThat(events)
        .extracting(event -> event.session() + " " + event.name() + " " + event.count())
        .containsExactly("a corrupt 1", "b corrupt 2", "a duplicate 3");
  }

  @Test
  void shouldSayWhatIsPendingWhenAsked() {
    drop("a", DropReason.CORRUPT, 1);
    drop("a", DropReason.CORRUPT, 5);
    drop("b", DropReason.CORRUPT, 1);
    drop("b", DropReason.CORRUPT, 7);

    drops.flush("a");
    drops.flush("a");
    drops.flush("nobody");

    assertThat(events).extracting(Event::count).containsExactly(1L, 1L, 5L);
  }

  @Test
  void shouldSayWhatIsPendingForAllBeforeACheckpoint() {
    for (String session : List.of("a", "b")) {
      drop(session, DropReason.CORRUPT, 1);
      drop(session, DropReason.CORRUPT, 5);
    }
    drops.flushAll();
    drops.flushAll();
    assertThat(events).extracting(Event::count).containsExactlyInAnyOrder(1L, 1L, 5L, 5L);
  }

  @Test
  void shouldAddUpToTheMetricWhateverHappens() {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      String session = "s" + random.nextInt(3);
      switch (random.nextInt(20)) {
        case 0 -> drops.flush(session);
        case 1 -> drops.flushAll();
        case 2 -> nowUs += random.nextInt(2_000_000);
        default ->
            drop(
                session,
                DropReason.values()[random.nextInt(DropReason.values().length)],
                1 + random.nextInt(10));
      }
    }
    List.of("s0", "s1", "s2").forEach(drops::flush);

    for (DropReason reason : DropReason.values()) {
      long told =
          events.stream()
              .filter(event -> event.name().equals(reason.label()))
              .mapToLong(Event::count)
              .sum();
      assertThat(told)
          .isPositive()
          .isEqualTo(metrics.count("reason." + reason.label() + ".dropped"));
    }
  }

  private void drop(String session, DropReason reason, long count) {
    drops.count(session, reason, count, event -> {});
  }
}
