package dev.flinkvideo.operators.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private AdmissionState state = AdmissionState.NEW;
  private Admission.Verdict last;

  @Test
  void shouldBeginWithTheFirstKeyFrame() {
    assertThat(decide(1, 0, false)).isEqualTo(DropReason.WAITING_FOR_KEY_FRAME);
    assertThat(decide(1, 1, true)).isNull();
    assertThat(last.connectionChanged()).isTrue();
    assertThat(last.restart()).isTrue();
    assertThat(decide(1, 2, false)).isNull();
    assertThat(last.restart()).isFalse();
  }

  @Test
  void shouldGoOnWithTheOldConnectionUntilTheNewOneHasAKeyFrame() {
    decide(1, 0, true);
    assertThat(decide(2, 0, false)).isEqualTo(DropReason.WAITING_FOR_KEY_FRAME);
    assertThat(decide(1, 1, false)).isNull();
    assertThat(decide(2, 1, true)).isNull();
    assertThat(last.connectionChanged()).isTrue();
    assertThat(decide(1, 2, true)).isEqualTo(DropReason.STALE_CONNECTION);
    assertThat(decide(2, 2, false)).isNull();
  }

  @Test
  void shouldOrderConnectionsOfOneEpochByWhenTheyOpened() {
    state = Admission.decide(state, segment(1, 50, 0, true, 0)).state();
    assertThat(Admission.decide(state, segment(1, 40, 0, true, 0)).drop())
        .isEqualTo(DropReason.STALE_CONNECTION);
    assertThat(Admission.decide(state, segment(1, 60, 0, true, 0)).drop()).isNull();
  }

  @Test
  void shouldDropWhatWasSeenBefore() {
    decide(1, 0, true);
    decide(1, 1, false);
    assertThat(decide(1, 1, false)).isEqualTo(DropReason.DUPLICATE);
    assertThat(decide(1, 0, true)).isEqualTo(DropReason.DUPLICATE);
    assertThat(decide(1, 2, false)).isNull();
  }

  @Test
  void shouldCountAGapAndWaitForAKeyFrame() {
    decide(1, 0, true);
    assertThat(decide(1, 4, false)).isEqualTo(DropReason.WAITING_FOR_KEY_FRAME);
    assertThat(last.missing()).isEqualTo(3);
    assertThat(decide(1, 5, false)).isEqualTo(DropReason.WAITING_FOR_KEY_FRAME);
    assertThat(last.missing()).isZero();
    assertThat(decide(1, 6, true)).isNull();
    assertThat(last.restart()).isTrue();
    assertThat(last.connectionChanged()).isFalse();
  }

  @Test
  void shouldNotBeginInTheMiddleOfASplitKeyFrame() {
    decide(1, 0, true);
    decide(1, 2, false);
    last = Admission.decide(state, segment(1, 0, 3, true, 1));
    assertThat(last.drop()).isEqualTo(DropReason.WAITING_FOR_KEY_FRAME);
  }

  @Test
  void shouldReadTheStateOfVersionOne() throws Exception {
    Path golden = Path.of("src/test/resources/golden/v1/admission-state.bin");
    assertThat(AdmissionState.read(Files.readAllBytes(golden)))
        .isEqualTo(
            new AdmissionState(
                "truck", 7, 8, 9, true, false, 10, 0, 11, RecentUnits.Tracking.NONE));
  }

  @Test
  void shouldReadTheStateOfVersionTwo() throws Exception {
    Path golden = Path.of("src/test/resources/golden/v2/admission-state.bin");
    assertThat(AdmissionState.read(Files.readAllBytes(golden)))
        .isEqualTo(
            new AdmissionState(
                "truck", 7, 8, 9, true, false, 10, 0, 11, new RecentUnits.Tracking(true, 12)));
  }

  @Test
  void shouldReadTheStateOfVersionThree() throws Exception {
    AdmissionState written =
        new AdmissionState(
            "truck", 7, 8, 9, true, false, 10, 13, 11, new RecentUnits.Tracking(true, 12));
    Path golden = Path.of("src/test/resources/golden/v3/admission-state.bin");
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(golden.getParent());
      Files.write(golden, written.write());
    }
    assertThat(AdmissionState.read(Files.readAllBytes(golden))).isEqualTo(written);
    assertThat(written.write()).isEqualTo(Files.readAllBytes(golden));
  }

  @Test
  void shouldRefuseTheStateOfANewerVersion() {
    byte[] newer = AdmissionState.NEW.write();
    newer[0] = 4;
    assertThatThrownBy(() -> AdmissionState.read(newer))
        .hasMessageContaining("admission state has version=4, this job knows 1 to 3");
  }

  @Test
  void shouldSayThatItsStateIsDamagedWhereverItIsCutOff() {
    byte[] whole = AdmissionState.NEW.connection("truck", 1, 2, 3).write();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> AdmissionState.read(cut))
          .isInstanceOf(UnreadableStateException.class)
          .hasMessageContaining("admission state is damaged, it ends at byte")
          .hasMessageContaining("restore from an older checkpoint or savepoint");
    }
    assertThatThrownBy(() -> AdmissionState.read(Arrays.copyOf(whole, whole.length + 1)))
        .hasMessageContaining("more follows it");
  }

  private DropReason decide(long epoch, long sequence, boolean key) {
    last = Admission.decide(state, segment(epoch, 0, sequence, key, 0));
    state = last.state();
    return last.drop();
  }

  private static Segment segment(
      long epoch, long openedAtMs, long sequence, boolean key, int part) {
    return Segment.newBuilder()
        .setSource("truck")
        .setEpoch(epoch)
        .setOpenedAtMs(openedAtMs)
        .setSequence(sequence)
        .addAccessUnits(AccessUnit.newBuilder().setKey(key))
        .setPart(part)
        .build();
  }
}
