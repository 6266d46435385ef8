package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerPackagerTest {
  @TempDir Path directory;

  private record Shown(EncodedUnit unit, double ptsSeconds, double dtsSeconds) {}

  @ParameterizedTest
  @CsvSource({
    "CAR, mp4, MPEG_TS",
    "PERSON, mp4, MPEG_TS",
    "BOTTLE, mp4, MPEG_TS",
    "CAR, mp4, MP4",
    "PERSON, mp4, MP4",
    "BOTTLE, mp4, MP4",
    "PERSON, h264, MPEG_TS",
    "PERSON, h264, MP4",
    "BOTTLE, mkv, MPEG_TS",
    "BOTTLE, mkv, MP4",
    "BOTTLE, ts, MPEG_TS",
    "BOTTLE, ts, MP4"
  })
  void shouldMakeARecordOfEachGroupOfPictures(Clips clip, String extension, Container container)
      throws IOException {
    Path file = remuxed(clip, extension);

    List<byte[]> records = packaged(file, container, Segments.MAX_BYTES);

    assertThat(records.size()).isEqualTo(clip.keys());
    assertCarriesAll(file, container, records, /* eachBeginsWithKey= */ true);
  }

  @ParameterizedTest
  @CsvSource({
    "CAR, mp4, MPEG_TS, 100000",
    "BOTTLE, mp4, MPEG_TS, 100000",
    "CAR, mp4, MP4, 100000",
    "BOTTLE, mp4, MP4, 100000",
    "CAR, h264, MPEG_TS, 100000",
    "BOTTLE, h264, MP4, 60000"
  })
  void shouldCutBetweenKeyFramesWhereAGroupIsTooLarge(
      Clips clip, String extension, Container container, int maxBytes) throws IOException {
    Path file = remuxed(clip, extension);

    List<byte[]> records = packaged(file, container, maxBytes);

    assertThat(records.size()).isGreaterThan(clip.keys());
    assertThat(records).allMatch(record -> record.length < maxBytes);
    assertCarriesAll(file, container, records, /* eachBeginsWithKey= */ false);
  }

  @Test
  void shouldNameCodecContainerAndRemedyWhereTheTwoDoNotGoTogether() {
    assertMismatch("vp8", Container.MP4, "MP4 cannot carry vp8, publish it --as segments");
    assertMismatch("vp9", Container.MPEG_TS, "MPEG_TS cannot carry vp9, publish it --as segments");
    assertMismatch("nonsense", Container.MP4, "MP4 cannot carry nonsense");
  }

  @Test
  void shouldRefuseAnAccessUnitThatNoRecordCanHold() throws IOException {
    assertThatThrownBy(() -> packaged(Clips.CAR.path(), Container.MP4, 20_000))
        .isInstanceOfSatisfying(
            PackagingException.class,
            e -> assertThat(e.reason()).isEqualTo(PackagingException.Reason.TOO_LARGE))
        .hasMessageContaining("access unit bytes=26185")
        .hasMessageContaining("--as segments");
  }

  private Path remuxed(Clips clip, String extension) throws IOException {
    return extension.equals("mp4")
        ? clip.path()
        : Remux.video(clip.path(), directory.resolve("clip." + extension));
  }

  private static List<byte[]> packaged(Path file, Container container, int maxBytes)
      throws IOException {
    List<byte[]> records = new ArrayList<>();
    try (CompleteTimes source = new CompleteTimes(new FileSource(file))) {
      ContainerPackager packager = new ContainerPackager(source, container, maxBytes, records::add);
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        packager.add(unit, source.durationTicks(), /* arrivalUs= */ 0);
      }
      packager.finish();
    }
    return records;
  }

  /** Each record is opened as a file of its own, by nothing but its bytes. */
  private void assertCarriesAll(
      Path file, Container container, List<byte[]> records, boolean eachBeginsWithKey)
      throws IOException {
    List<Shown> expected = read(new CompleteTimes(new FileSource(file)));
    List<Shown> actual = new ArrayList<>();
    String name = container == Container.MP4 ? "record.mp4" : "record.ts";
    for (byte[] record : records) {
      List<Shown> own = read(new FileSource(Files.write(directory.resolve(name), record)));
      if (eachBeginsWithKey) {
        assertThat(own.get(0).unit.key()).isTrue();
      }
      actual.addAll(own);
    }
    assertThat(actual)
        .extracting(shown -> shown.unit.contentHash())
        .isEqualTo(expected.stream().map(shown -> shown.unit.contentHash()).toList());
    double shift = actual.get(0).ptsSeconds - expected.get(0).ptsSeconds;
    double tick = 1.01 / 90_000;
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).ptsSeconds - expected.get(i).ptsSeconds)
          .as("pts of %d", i)
          .isCloseTo(shift, within(tick));
      assertThat(actual.get(i).dtsSeconds - expected.get(i).dtsSeconds)
          .as("dts of %d", i)
          .isCloseTo(shift, within(tick));
    }
  }

  private static List<Shown> read(UnitSource source) throws IOException {
    List<Shown> shown = new ArrayList<>();
    try (source) {
      StreamFormat format = source.format();
      double tick = (double) format.timeBaseNumerator() / format.timeBaseDenominator();
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        shown.add(new Shown(unit, unit.pts() * tick, unit.dts() * tick));
      }
    }
    return shown;
  }

  private static void assertMismatch(String codec, Container container, String message) {
    StreamFormat format = new StreamFormat(codec, new byte[0], 1, 25);
    PictureFormat picture = new PictureFormat(640, 360, 0, 0, 0, new Rational(1, 1), 0);
    assertThatThrownBy(() -> new RecordMuxer(format, picture, container))
        .isInstanceOfSatisfying(
            PackagingException.class,
            e -> assertThat(e.reason()).isEqualTo(PackagingException.Reason.CODEC))
        .hasMessageContaining("codec=" + codec)
        .hasMessageContaining(message);
  }
}
