package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyClipTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Clips.class)
  void shouldGoBlackAndFreezeWhereFfmpegSeesItToo(Clips clip) throws IOException {
    List<RecordMuxer.Timed> units = new ArrayList<>();
    double twoFrames;
    Path file = directory.resolve("faulty.ts");
    try (FaultyClip faulty = new FaultyClip(clip.path(), FaultSchedule.DEFAULT)) {
      double tick =
          (double) faulty.format().timeBaseNumerator() / faulty.format().timeBaseDenominator();
      twoFrames = 2.01 * tick;
      for (int i = 0; i * tick < 24; i++) {
        units.add(new RecordMuxer.Timed(faulty.next(), faulty.durationTicks()));
      }
      Files.write(
          file, new RecordMuxer(faulty.format(), faulty.picture(), Container.MPEG_TS).mux(units));
    }

    Map<String, List<Double>> findings = Detectors.findings(file);

    assertThat(findings.get("lavfi.black_start")).hasSize(1);
    assertNear(findings.get("lavfi.black_start"), 8, twoFrames);
    assertNear(findings.get("lavfi.black_end"), 12, twoFrames);
    // Black stands still too, and so does an empty road before its picture is frozen.
    double stillSince = Collections.max(findings.get("lavfi.freezedetect.freeze_start"));
    assertThat(stillSince).isBetween(12 + twoFrames, 16 + twoFrames);
    assertNear(findings.get("lavfi.freezedetect.freeze_end"), 20, twoFrames);
  }

  @Test
  void shouldGiveAKeyFrameEachTwoSecondsButNoneThatWouldEndTheFreeze() throws IOException {
    try (FaultyClip faulty = new FaultyClip(Clips.PERSON.path(), FaultSchedule.DEFAULT)) {
      List<Integer> keys = new ArrayList<>();
      for (int i = 0; i < 240; i++) {
        EncodedUnit unit = faulty.next();
        assertThat(unit.pts()).isEqualTo(i);
        assertThat(unit.dts()).isEqualTo(i);
        if (unit.key()) {
          keys.add(i);
        }
      }

      assertThat(keys).startsWith(0, 20, 40, 60).doesNotHaveDuplicates();
      assertThat(keys).noneMatch(at -> at >= 160 && at < 200).contains(200);
    }
  }

  @Test
  void shouldGoOnAfterTheEndOfTheClip() throws IOException {
    FaultSchedule never =
        new FaultSchedule(
            Duration.ofHours(1), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    try (FaultyClip faulty = new FaultyClip(Clips.CAR.path(), never)) {
      for (int i = 0; i < Clips.CAR.frames() + 10; i++) {
        assertThat(faulty.next()).isNotNull();
      }
    }
  }

  @Test
  void shouldRefuseFaultsThatOverlap() {
    Duration second = Duration.ofSeconds(1);

    assertThatThrownBy(
            () ->
                new FaultSchedule(
                    Duration.ofSeconds(9), second, second.multipliedBy(3), second, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("faults out of order");
  }

  private static void assertNear(List<Double> found, double expected, double tolerance) {
    assertThat(found).anySatisfy(at -> assertThat(at).isCloseTo(expected, within(tolerance)));
  }
}
