package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.protocol.Trigger;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class SessionOptionsTest {
  private final Configuration options = new Configuration();

  @Test
  void shouldLetATriggerHaveTimesOfItsOwn() {
    options.set(SessionOptions.TRIGGER_RAISE, Duration.ofSeconds(3));
    options.setString("session.trigger.raise-of", "loss:10s,black:500ms");
    options.setString("session.trigger.clear-of", "loss:1min");
    Map<Trigger, Limits> limits = SessionOptions.policy(options).triggerDefaults();

    assertThat(limits.get(Trigger.LOSS).raiseMs()).isEqualTo(10_000);
    assertThat(limits.get(Trigger.LOSS).clearMs()).isEqualTo(60_000);
    assertThat(limits.get(Trigger.BLACK).raiseMs()).isEqualTo(500);
    assertThat(limits.get(Trigger.BLACK).clearMs()).isEqualTo(5_000);
    assertThat(limits.get(Trigger.FROZEN).raiseMs()).isEqualTo(3_000);
  }

  @Test
  void shouldRefuseLessThanNoStandby() {
    options.setString("session.standbys", "-1");
    assertThatThrownBy(() -> SessionOptions.policy(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("option 'session.standbys' is -1: say 0 or more");
  }

  @Test
  void shouldNameWhatIsNoTriggerAndWhatIsNoDuration() {
    options.setString("session.trigger.raise-of", "blak:1s");
    assertThatThrownBy(() -> SessionOptions.policy(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'session.trigger.raise-of' has no trigger 'blak': known are [black");

    options.setString("session.trigger.raise-of", "black:soon");
    assertThatThrownBy(() -> SessionOptions.policy(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "option 'session.trigger.raise-of' has 'soon', which is no duration: say, for example, 2s");
  }
}
