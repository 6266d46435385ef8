package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.protocol.Trigger;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "session.stall-after|0s|is 0, allowed are 500 to 604800000 ms",
        "session.connect-within|99ms|is 99, allowed are 100 to 604800000 ms",
        "session.first-segment-within|0s|is 0, allowed are 100 to 604800000 ms",
        "session.report-within|1s|is 1000, allowed are 2000 to 604800000 ms",
        "session.backoff.initial|0s|is 0, allowed are 10 to 604800000 ms",
        "session.backoff.initial|1min|option 'session.backoff.max' is 30000, allowed is no less than"
            + " session.backoff.initial, which is 60000 ms",
        "session.backoff.factor|0.5|is 0.5, allowed are 1 to 100",
        "session.backoff.jitter|1.0|is 1.0, allowed are 0 to 0.9",
        "session.reset-after|8d|is 691200000, allowed are 0 to 604800000 ms",
        "session.failures-before-next|0|is 0, allowed are 1 to 1000",
        "session.standbys|-1|is -1, allowed are 0 to 15",
        "session.return-after|8d|is 691200000, allowed are 0 to 604800000 ms",
        "session.quarantine.flaps|200|is 200, allowed are 1 to 16",
        "session.quarantine.window|0s|is 0, allowed are 1000 to 604800000 ms",
        "session.quarantine.for|0s|is 0, allowed are 1000 to 604800000 ms",
        "session.key-frame-interval|50ms|is 50, allowed are 100 to 604800000 ms",
        "session.forget-after|0s|is 0, allowed are 1000 ms and more",
        "session.trigger.raise|8d|is 691200000, allowed are 0 to 604800000 ms",
        "session.trigger.clear-of|black:8d|is 691200000, allowed are 0 to 604800000 ms",
        "session.trigger.loss.threshold|-0.1|is -0.1, allowed are 0 to 1000000000000",
      })
  void shouldRefuseWhatASessionsOwnPolicyCouldNotSayEither(
      String option, String value, String message) {
    options.setString(option, value);
    String named = message.startsWith("is ") ? "option '%s' ".formatted(option) : "";

    assertThatThrownBy(() -> new SessionFunction(options)) // as the job is submitted
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(named + message);
  }

  @Test
  void shouldNameEveryValueThatIsOutOfBounds() {
    options.setString("session.stall-after", "0s");
    options.setString("session.quarantine.flaps", "0");
    assertThatThrownBy(() -> SessionOptions.policy(options))
        .hasMessage(
            "option 'session.stall-after' is 0, allowed are 500 to 604800000 ms;"
                + " option 'session.quarantine.flaps' is 0, allowed are 1 to 16");
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
