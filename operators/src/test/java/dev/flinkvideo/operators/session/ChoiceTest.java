package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.Trigger;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three sources, the second of which is in use. */
class ChoiceTest {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final SessionPolicy DEFAULTS = SessionOptions.policy(new Configuration());

  private final Session session = new Session("lobby", NOW_MS - 60_000);
  private final TrackedSource truck = new TrackedSource("truck");
  private final TrackedSource backup = new TrackedSource("backup");
  private final TrackedSource phone = new TrackedSource("phone");

  @BeforeEach
  void streamFromTheSecond() {
    session.state = SessionState.STREAMING;
    session.sources.addAll(List.of(truck, backup, phone));
    session.current = "backup";
    open(backup, Role.LIVE, Phase.LIVE);
  }

  @Test
  void shouldTakeThePinnedOneBeforeAllOthers() {
    session.pin = new Pin("phone", NOW_MS + 1);
    assertThat(choice().all()).containsExactly(phone, truck, backup);
    assertThat(choice().pinned()).isSameAs(phone);
    assertThat(choice().preferred()).isSameAs(phone);

    session.pin = new Pin("phone", NOW_MS);
    assertThat(choice().all()).containsExactly(truck, backup, phone);
    assertThat(choice().pinned()).isNull();
  }

  @Test
  void shouldCallWarmOnlyWhatCouldGoLiveAtOnce() {
    assertThat(choice().warm()).isNull();
    open(phone, Role.STANDBY, Phase.OPENED);
    assertThat(choice().warm()).as("without a key frame").isNull();
    open(phone, Role.STANDBY, Phase.READY);
    assertThat(choice().warm()).isSameAs(phone);
    open(truck, Role.STANDBY, Phase.READY);
    assertThat(choice().warm()).isSameAs(truck);

    truck.unitMs = NOW_MS - DEFAULTS.stallAfterMs();
    assertThat(choice().warm()).as("truck is silent").isSameAs(phone);
    raise(phone, Trigger.LOSS);
    assertThat(choice().warm()).as("and the phone's line is bad").isNull();
  }

  @Test
  void shouldLeaveABadPictureForWhatIsWarmElseForWhatMayBeOpened() {
    assertThat(choice().better()).isSameAs(truck);
    open(phone, Role.STANDBY, Phase.READY);
    assertThat(choice().better()).isSameAs(phone);
    phone.close();
    truck.penalty.retryMs = NOW_MS + 1;
    phone.penalty.quarantinedUntilMs = NOW_MS + 1;
    assertThat(choice().better()).isNull();
  }

  @Test
  void shouldReturnOnlyAfterTheHoldTimeAndOnlyToWhatIsPreferred() {
    open(phone, Role.STANDBY, Phase.READY);
    open(truck, Role.STANDBY, Phase.READY);
    truck.healthyMs = NOW_MS - DEFAULTS.returnAfterMs() + 1;
    assertThat(choice().healthyPreferred()).isNull();
    truck.healthyMs--;
    assertThat(choice().healthyPreferred()).isSameAs(truck);

    SessionPolicy never = DEFAULTS.with(Policies.of("{'returnToPreferred':false}"));
    assertThat(choice(never).healthyPreferred()).isNull();
    assertThat(choice(never).preferred()).isNull();
  }

  @Test
  void shouldOpenNextWhatNeedNotWait() {
    backup.close();
    assertThat(choice().next()).isSameAs(truck);
    truck.penalty.retryMs = NOW_MS + 1;
    assertThat(choice().next()).isSameAs(backup);
    backup.penalty.retryMs = NOW_MS + 1;
    phone.penalty.retryMs = NOW_MS + 1;
    assertThat(choice().next()).isNull();
  }

  @Test
  void shouldTryTheSameSourceAgainAsOftenAsThePolicySays() {
    SessionPolicy thrice = DEFAULTS.with(Policies.of("{'failuresBeforeNext':3}"));
    backup.close();
    backup.penalty.failures = 2;
    assertThat(choice(thrice).next()).isSameAs(backup);
    backup.penalty.retryMs = NOW_MS + 1;
    assertThat(choice(thrice).next()).as("it waits for it").isNull();
    backup.penalty.failures = 3;
    assertThat(choice(thrice).next()).isSameAs(truck);
  }

  @Test
  void shouldTakeAQuarantinedSourceOnlyIfThereIsNoOtherOrItIsPinned() {
    backup.close();
    truck.penalty.quarantinedUntilMs = NOW_MS + 1;
    assertThat(choice().next()).isSameAs(backup);
    backup.penalty.retryMs = NOW_MS + 1;
    phone.penalty.retryMs = NOW_MS + 1;
    assertThat(choice().next()).as("rather than no picture").isSameAs(truck);

    assertThat(choice().mayOpen(truck)).isFalse();
    session.pin = new Pin("truck", NOW_MS + 1);
    assertThat(choice().mayOpen(truck)).isTrue();
  }

  @Test
  void shouldNameWhatIsBadOfThePictureOrOfTheLine() {
    assertThat(choice().raised(backup)).isNull();
    raise(backup, Trigger.LOSS);
    assertThat(choice().raised(backup)).isEqualTo(Trigger.LOSS);
    assertThat(choice().raised(truck)).isNull();
    session.alarms.note(Trigger.BLACK, true, DEFAULTS.limits(Trigger.BLACK), NOW_MS - 10_000);
    assertThat(choice().raised(truck)).isEqualTo(Trigger.BLACK);
  }

  private static void open(TrackedSource source, Role role, Phase phase) {
    source.role = role;
    source.phase = phase;
    source.unitMs = NOW_MS;
    source.reportMs = NOW_MS;
    source.healthyMs = NOW_MS;
  }

  private static void raise(TrackedSource source, Trigger trigger) {
    source.alarms.note(trigger, true, DEFAULTS.limits(trigger), NOW_MS - 10_000);
  }

  private Choice choice() {
    return choice(DEFAULTS);
  }

  private Choice choice(SessionPolicy policy) {
    return new Choice(new Turn(session, policy, Hearing.ALWAYS, NOW_MS));
  }
}
