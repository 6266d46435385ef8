package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.Trigger;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** Raised after 2 s, cleared after 5 s, as by default. */
class AlarmsTest {
  private static final SessionPolicy POLICY = SessionOptions.policy(new Configuration());

  private final Alarms alarms = new Alarms();

  @Test
  void shouldCountFromItsRaiseTimeOn() {
    note(true, 10_000);

    assertThat(isRaised(11_999)).isFalse();
    assertThat(isRaised(12_000)).isTrue();
    assertThat(alarms.standing()).containsExactly(Trigger.BLACK);
  }

  @Test
  void shouldForgetWhatWasBadForTooShortATime() {
    note(true, 10_000);
    note(false, 11_999);

    assertThat(isRaised(20_000)).isFalse();
    assertThat(alarms.standing()).isEmpty();
  }

  @Test
  void shouldCountUntilItHasBeenGoodForItsClearTime() {
    note(true, 10_000);
    note(false, 13_000);

    assertThat(alarms.standing()).isEmpty();
    assertThat(isRaised(17_999)).isTrue();
    assertThat(isRaised(18_000)).isFalse();
  }

  @Test
  void shouldGoOnCountingWhereItIsBadAgainBeforeItsClearTime() {
    note(true, 10_000);
    note(false, 13_000);
    note(true, 17_000);
    note(true, 17_500);

    assertThat(isRaised(17_500)).isTrue();
    assertThat(isRaised(60_000)).isTrue();
  }

  @Test
  void shouldBeginAnewWhereItIsBadAgainAfterItsClearTime() {
    note(true, 10_000);
    note(false, 13_000);
    note(true, 18_000);

    assertThat(isRaised(19_999)).isFalse();
    assertThat(isRaised(20_000)).isTrue();
  }

  @Test
  void shouldNotCountWhatThePolicyDoesNotHave() {
    alarms.note(Trigger.BLURRED, true, POLICY.limits(Trigger.BLURRED), 10_000);

    assertThat(alarms.isRaised(Trigger.BLURRED, POLICY, 60_000)).isFalse();
  }

  @Test
  void shouldHoldWhatStandsAgainstTheNextSourceAndNotWhatIsCleared() {
    note(true, 10_000);
    alarms.note(Trigger.FROZEN, true, POLICY.limits(Trigger.FROZEN), 10_000);
    alarms.note(Trigger.FROZEN, false, POLICY.limits(Trigger.FROZEN), 13_000);
    alarms.holdAgainstNext(17_000);

    assertThat(isRaised(18_999)).isFalse();
    assertThat(isRaised(19_000)).isTrue();
    assertThat(alarms.isRaised(Trigger.FROZEN, POLICY, 17_000)).isFalse();
  }

  @Test
  void shouldSayWhenTimeAloneChangesThem() {
    note(true, 10_000);
    note(false, 13_000);
    List<Long> atMs = new ArrayList<>();
    alarms.wakeUps(POLICY, atMs::add);
    assertThat(atMs).containsExactly(12_000L, 18_000L);

    alarms.expire(POLICY, 17_999);
    assertThat(alarms.sightings).isNotEmpty();
    alarms.expire(POLICY, 18_000);
    assertThat(alarms.sightings).isEmpty();
  }

  private void note(boolean bad, long atMs) {
    alarms.note(Trigger.BLACK, bad, POLICY.limits(Trigger.BLACK), atMs);
  }

  private boolean isRaised(long atMs) {
    return alarms.isRaised(Trigger.BLACK, POLICY, atMs);
  }
}
