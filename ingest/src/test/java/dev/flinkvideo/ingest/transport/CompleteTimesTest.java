package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompleteTimesTest {
  @TempDir Path directory;

  /** The times of the MP4 file are the truth; an elementary stream has lost all of them. */
  @ParameterizedTest
  @CsvSource({
    "CAR, h264",
    "PERSON, h264",
    "BOTTLE, h264",
    "CAR, mkv",
    "PERSON, mkv",
    "BOTTLE, mkv",
    "PERSON, avi",
    "BOTTLE, avi",
    "PERSON, ts",
    "BOTTLE, flv"
  })
  void shouldFindTheTimesThatAContainerLeavesOut(Clips clip, String extension) throws IOException {
    List<EncodedUnit> truth = new ArrayList<>();
    List<EncodedUnit> found = new ArrayList<>();
    double truthTick = read(clip.path(), truth);
    double foundTick =
        read(Remux.video(clip.path(), directory.resolve("clip." + extension)), found);

    assertThat(found).hasSameSizeAs(truth);
    double offset = found.get(0).dts() * foundTick - truth.get(0).dts() * truthTick;
    double frame = (truth.get(1).dts() - truth.get(0).dts()) * truthTick;
    for (int i = 0; i < truth.size(); i++) {
      EncodedUnit unit = found.get(i);
      assertThat(unit.contentHash()).isEqualTo(truth.get(i).contentHash());
      assertThat(unit.pts()).as("pts of %d", i).isNotEqualTo(EncodedUnit.NO_TIME);
      assertThat((unit.dts() * foundTick - truth.get(i).dts() * truthTick - offset) / frame)
          .as("dts of %d", i)
          .isBetween(-0.1, 0.1);
      assertThat((unit.pts() * foundTick - truth.get(i).pts() * truthTick - offset) / frame)
          .as("pts of %d", i)
          .isBetween(-0.1, 0.1);
    }
  }

  @Test
  void shouldLeaveAloneWhatTheContainerStates() throws IOException {
    try (CompleteTimes source = new CompleteTimes(new FileSource(Clips.PERSON.path()));
        FileSource file = new FileSource(Clips.PERSON.path())) {
      for (EncodedUnit unit = file.next(); unit != null; unit = file.next()) {
        EncodedUnit same = source.next();
        assertThat(same.pts()).isEqualTo(unit.pts());
        assertThat(same.dts()).isEqualTo(unit.dts());
        assertThat(source.durationTicks()).isEqualTo(file.durationTicks());
      }
      assertThat(source.next()).isNull();
    }
  }

  /** Seconds per tick of the file. */
  private static double read(Path path, List<EncodedUnit> units) throws IOException {
    try (CompleteTimes source = new CompleteTimes(new FileSource(path))) {
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        units.add(unit);
      }
      return (double) source.format().timeBaseNumerator() / source.format().timeBaseDenominator();
    }
  }
}
