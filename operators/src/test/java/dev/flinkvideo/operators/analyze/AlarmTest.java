package dev.flinkvideo.operators.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AlarmTest {
  private Alarm alarm = new Alarm("bad", Duration.ofSeconds(2));
  private final RecordedFindings findings = new RecordedFindings();

  @Test
  void shouldRaiseOnceTheDurationHasPassedAndClearAtTheFirstGoodPicture() {
    good(0);
    bad(1);
    bad(2);
    assertThat(findings.heard).isEmpty();
    bad(3);
    bad(4);
    assertThat(findings.heard).containsExactly("bad raised at 3.0 since 1.0");
    good(5);
    good(6);
    assertThat(findings.heard)
        .containsExactly("bad raised at 3.0 since 1.0", "bad cleared at 5.0 since 1.0");
  }

  @Test
  void shouldCountTheDurationAnewAfterAGoodPicture() {
    bad(0);
    bad(1);
    good(1.5);
    bad(2);
    bad(3.9);
    assertThat(findings.heard).isEmpty();
    bad(4);
    assertThat(findings.heard).containsExactly("bad raised at 4.0 since 2.0");
  }

  @Test
  void shouldRaiseAndClearWhatLastedExactlyTheDuration() {
    bad(0);
    bad(1.9);
    good(2);
    assertThat(findings.heard)
        .containsExactly("bad raised at 2.0 since 0.0", "bad cleared at 2.0 since 0.0");
  }

  @Test
  void shouldNotTakeOneBadPictureAmongFewForADuration() {
    bad(0);
    good(8);
    assertThat(findings.heard).isEmpty();
  }

  @Test
  void shouldGoOnWhereItStoodAfterARestore() throws IOException {
    bad(3);
    ByteArrayOutputStream pending = new ByteArrayOutputStream();
    alarm.write(new DataOutputStream(pending));
    alarm = new Alarm("bad", Duration.ofSeconds(2));
    alarm.read(new DataInputStream(new ByteArrayInputStream(pending.toByteArray())));
    bad(5);
    good(11);
    assertThat(findings.heard)
        .containsExactly("bad raised at 5.0 since 3.0", "bad cleared at 11.0 since 3.0");
  }

  private void bad(double timeS) {
    alarm.bad(RecordedFindings.ns(timeS), 1, findings.at(timeS));
  }

  private void good(double timeS) {
    alarm.good(0, findings.at(timeS));
  }
}
