package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FileSourceTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Clips.class)
  void shouldGiveEachAccessUnitThatFfprobeCounts(Clips clip) throws IOException {
    List<EncodedUnit> units = read(clip.path());

    assertThat(units).hasSize(clip.frames());
    assertThat(units.stream().filter(EncodedUnit::key)).hasSize(clip.keys());
    assertThat(units).extracting(EncodedUnit::dts).isSorted().doesNotHaveDuplicates();
    assertThat(units).extracting(EncodedUnit::pts).doesNotHaveDuplicates();
  }

  @Test
  void shouldKeepTheOrderAndTimesOfBFrames() throws IOException {
    List<EncodedUnit> units = read(Clips.PERSON.path());

    assertThat(units.subList(0, 6))
        .extracting(EncodedUnit::pts)
        .containsExactly(0L, 80000L, 20000L, 40000L, 60000L, 160000L);
    assertThat(units.subList(0, 3))
        .extracting(EncodedUnit::dts)
        .containsExactly(-20000L, 0L, 20000L);
  }

  @Test
  void shouldTellFormatRatesAndTimes() throws IOException {
    try (FileSource source = new FileSource(Clips.BOTTLE.path())) {
      assertThat(source.format().codec()).isEqualTo("h264");
      assertThat(source.format().configuration()).startsWith(1);
      assertThat(source.format().timeBaseDenominator()).isEqualTo(11456);
      assertThat(source.picture().widthPx()).isEqualTo(640);
      assertThat(source.picture().heightPx()).isEqualTo(360);
      assertThat(source.picture().reorderDelay()).isEqualTo(2);
      assertThat(source.averageFrameRate()).isEqualTo(new Rational(179, 6));
      assertThat(source.realFrameRate()).isEqualTo(new Rational(179, 6));
      assertThat(source.frameRate()).isEqualTo(new Rational(179, 6));
      assertThat(source.startTimeUs()).isZero();
      assertThat(source.durationUs()).isEqualTo(39_854_749);
      assertThat(source.container()).contains("mp4");

      source.next();

      assertThat(source.durationTicks()).isEqualTo(384);
      assertThat(source.hidden()).isFalse();
    }
  }

  @Test
  void shouldPassOverSoundAndCountIt() throws IOException {
    try (FileSource source = new FileSource(Clips.CAR.path())) {
      while (source.next() != null) {
        assertThat(source.durationTicks()).isPositive();
      }

      assertThat(source.passedOver()).isEqualTo(1414);
      assertThat(source.readError()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CAR, h264",
    "CAR, ts",
    "CAR, mkv",
    "CAR, flv",
    "PERSON, h264",
    "PERSON, ts",
    "BOTTLE, h264",
    "BOTTLE, ts",
    "BOTTLE, mkv",
    "BOTTLE, avi"
  })
  void shouldHashOneEncodeAlikeWhateverItTravelsIn(Clips clip, String extension)
      throws IOException {
    Path other = Remux.video(clip.path(), directory.resolve("clip." + extension));

    assertThat(read(other))
        .extracting(EncodedUnit::contentHash)
        .isEqualTo(read(clip.path()).stream().map(EncodedUnit::contentHash).toList());
  }

  @Test
  void shouldHandOutRawStreamsWithoutTimes() throws IOException {
    Path raw = Remux.video(Clips.PERSON.path(), directory.resolve("clip.h264"));

    assertThat(read(raw))
        .allSatisfy(
            unit -> {
              assertThat(unit.pts()).isEqualTo(EncodedUnit.NO_TIME);
              assertThat(unit.dts()).isEqualTo(EncodedUnit.NO_TIME);
            });
  }

  @Test
  void shouldDeliverWhatATruncatedFileHolds() throws IOException {
    Path stream = Remux.video(Clips.CAR.path(), directory.resolve("clip.ts"));
    byte[] whole = Files.readAllBytes(stream);
    Path half = directory.resolve("half.ts");
    Files.write(half, Arrays.copyOf(whole, whole.length / 2));

    assertThat(read(half)).hasSizeBetween(100, Clips.CAR.frames() - 1);
  }

  @Test
  void shouldSayThatAnMp4LacksItsIndex() throws IOException {
    byte[] whole = Files.readAllBytes(Clips.PERSON.path());
    Path half = directory.resolve("half.mp4");
    Files.write(half, Arrays.copyOf(whole, 300));

    assertUnreadable(half, UnreadableMediaException.Reason.DAMAGED, "half.mp4 is an MP4 file that");
  }

  @ParameterizedTest
  @CsvSource({"README.md", "notes.txt", "noextension", "page.html", "data.json"})
  void shouldSayThatTextIsText(String name) throws IOException {
    Path text = Files.writeString(directory.resolve(name), "# Röhre\n{\"not\": [1, 2]} video\n");

    assertUnreadable(text, UnreadableMediaException.Reason.NOT_MEDIA, name + " is text, not video");
  }

  @Test
  void shouldSayWhatSoundIs() throws IOException {
    Path sound = Remux.sound(Clips.CAR.path(), directory.resolve("song.m4a"));

    assertUnreadable(
        sound, UnreadableMediaException.Reason.NO_VIDEO, "song.m4a holds audio (aac) and no video");
  }

  @Test
  void shouldSayWhatIsNoFile() throws IOException {
    assertUnreadable(
        directory.resolve("gone.mp4"),
        UnreadableMediaException.Reason.MISSING,
        "gone.mp4 does not exist");
    assertUnreadable(
        Files.createDirectory(directory.resolve("folder")),
        UnreadableMediaException.Reason.NOT_A_FILE,
        "folder is a directory, not video");
    assertUnreadable(
        Files.createFile(directory.resolve("empty.mp4")),
        UnreadableMediaException.Reason.NOT_A_FILE,
        "empty.mp4 is empty, not video");
  }

  @Test
  void shouldSayWhatAnotherKindOfFileIs() throws IOException {
    assertUnreadable(
        write("a.zip", "PK\u0003\u0004 and so on"),
        UnreadableMediaException.Reason.NOT_MEDIA,
        "a.zip is a zip archive, not video");
    assertUnreadable(
        write("paper.pdf", "%PDF-1.7 and so on"),
        UnreadableMediaException.Reason.NOT_MEDIA,
        "paper.pdf is a PDF document, not video");
    assertUnreadable(
        write("noise.bin", "\u0000\u0001\u0002\u0003\u0000\u0001"),
        UnreadableMediaException.Reason.NOT_MEDIA,
        "noise.bin is in no format that FFmpeg reads");
  }

  private Path write(String name, String latin1) throws IOException {
    return Files.writeString(directory.resolve(name), latin1, StandardCharsets.ISO_8859_1);
  }

  private static List<EncodedUnit> read(Path path) throws IOException {
    List<EncodedUnit> units = new ArrayList<>();
    try (FileSource source = new FileSource(path)) {
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        units.add(unit);
      }
    }
    return units;
  }

  private static void assertUnreadable(
      Path path, UnreadableMediaException.Reason reason, String message) {
    assertThatThrownBy(() -> new FileSource(path))
        .isInstanceOfSatisfying(
            UnreadableMediaException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
  }
}
