package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.peers.RequiresPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InspectCommandITCase {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Path FOOTAGE = ROOT.resolve("jobs/footage");
  private static final Path CLIPS = ROOT.resolve("operators/src/test/resources/clips");
  private static final Path CARS = FOOTAGE.resolve("car-detection.mp4");
  private static final Path B_FRAMES = CLIPS.resolve("h264-420-8.mp4");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path directory;

  static Stream<Path> footage() throws IOException {
    return files(FOOTAGE, "mp4");
  }

  static Stream<Path> clips() throws IOException {
    return files(CLIPS, "mp4|ts|webm|h264");
  }

  private static Stream<Path> files(Path folder, String extensions) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(" + extensions + ")"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource({"footage", "clips"})
  @RequiresPeer("ffmpeg")
  void shouldPrintWhatFfmpegPrintsAsFrameMd5(Path file) throws Exception {
    assertThat(frameMd5(file)).isNotEmpty().isEqualTo(Ffmpeg.frameMd5(file));
  }

  @ParameterizedTest
  @CsvSource({
    "bottle-detection.mp4, ts, -c copy",
    "car-detection.mp4, ts, -c copy",
    "car-detection.mp4, h264, -c copy",
    "bottle-detection.mp4, h264, -c copy",
    "car-detection.mp4, mkv, -c copy",
    "car-detection.mp4, mov, -ss 5 -c copy"
  })
  @RequiresPeer("ffmpeg")
  void shouldPrintWhatFfmpegPrintsOfOtherContainers(String clip, String extension, String options)
      throws Exception {
    Path file =
        Ffmpeg.convert(
            FOOTAGE.resolve(clip),
            directory.resolve("clip." + extension),
            Stream.concat(Stream.of("-an"), Arrays.stream(options.split(" ")))
                .toArray(String[]::new));

    assertThat(frameMd5(file)).isNotEmpty().isEqualTo(Ffmpeg.frameMd5(file));
  }

  @ParameterizedTest
  @MethodSource("clips")
  @RequiresPeer("ffmpeg")
  void shouldSumUpAllPicturesAsFfmpegDecodesThem(Path file) throws Exception {
    assertThat(summary(json(file)).get("sha1").asText()).isEqualTo(Ffmpeg.sha1(file));
  }

  @Test
  @RequiresPeer("ffmpeg")
  void shouldDescribeEveryPictureAndTheWholeAsJson() throws Exception {
    List<JsonNode> lines = json(CARS);

    List<JsonNode> frames = lines.subList(0, lines.size() - 1);
    assertThat(frames).hasSize(377);
    assertThat(frames)
        .allSatisfy(
            frame ->
                assertThat(fields(frame))
                    .contains(
                        "pts",
                        "timeNs",
                        "key",
                        "widthPx",
                        "heightPx",
                        "pixelFormat",
                        "lumaMean",
                        "blackShare",
                        "difference",
                        "sharpness",
                        "blockiness",
                        "sceneScore",
                        "md5"));
    assertThat(frames).extracting(frame -> frame.get("timeNs").asLong()).isSorted();
    assertThat(frames.get(0).get("timeNs").asLong()).isZero();
    assertThat(frames.get(0).get("key").asBoolean()).isTrue();
    assertThat(frames.get(1).get("key").asBoolean()).isFalse();
    assertThat(frames.get(0).get("widthPx").asInt()).isEqualTo(768);
    assertThat(frames.get(0).get("heightPx").asInt()).isEqualTo(432);
    assertThat(frames.get(0).get("pixelFormat").asText()).isEqualTo("yuv420p");

    JsonNode summary = summary(lines);
    assertThat(fields(summary))
        .contains(
            "frames",
            "damaged",
            "sha1",
            "decodeCpuMsPerFrame",
            "analyzeCpuMsPerFrame",
            "heapBytesPerFrame",
            "poolPeakBytes",
            "poolOutstanding");
    assertThat(summary.get("frames").asInt()).isEqualTo(377);
    assertThat(summary.get("damaged").asInt()).isZero();
    assertThat(summary.get("poolOutstanding").asInt()).isZero();
    assertThat(summary.get("poolPeakBytes").asLong()).isPositive();
    assertThat(summary.get("decodeCpuMsPerFrame").asDouble()).isPositive();
    assertThat(summary.get("analyzeCpuMsPerFrame").asDouble()).isPositive();
    // Tests note where each frame was taken (flinkvideo.frames.trace), which is most of this.
    assertThat(summary.get("heapBytesPerFrame").asLong()).isPositive().isLessThan(8192);
    assertThat(summary.get("sha1").asText()).isEqualTo(Ffmpeg.sha1(CARS));
  }

  @Test
  @RequiresPeer("ffmpeg")
  void shouldListTheIntervalsOfAnAlarmInTheTable() throws Exception {
    Path black =
        Ffmpeg.convert(
            CARS,
            directory.resolve("black.mp4"),
            "-an",
            "-t",
            "10",
            "-vf",
            "drawbox=enable='between(t,3,6)':color=black:t=fill",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast");

    CapturedRun run = CapturedRun.of("inspect", black.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).anyMatch(line -> line.matches("black +3\\.\\d+ s +6\\.\\d+ s"));
    assertThat(run.out()).anyMatch(line -> line.matches("frames +125, .*"));
  }

  @Test
  void shouldSayWhatAFileIsThatIsNoVideo() throws Exception {
    Path text = Files.writeString(directory.resolve("notes.txt"), "no video at all\n".repeat(500));

    assertUnusable(text, "text");
    assertUnusable(Files.createFile(directory.resolve("empty.mp4")), "empty.mp4");
    assertUnusable(directory, directory.getFileName().toString());
  }

  @ParameterizedTest
  @CsvSource({"100k", "1m"})
  void shouldNameTheOptionToRaiseWhenPicturesAreOverBudget(String size) {
    CapturedRun run = CapturedRun.of("inspect", CARS.toString(), "--pool-size", size);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .hasLineCount(1)
        .contains("over budget", "requestedBytes=", "poolBytes=")
        .endsWith(": raise --pool-size" + System.lineSeparator());
  }

  @Test
  void shouldSayThatAFileIsMissing() {
    CapturedRun run = CapturedRun.of("inspect", directory.resolve("missing.mp4").toString());

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasLineCount(1).contains("missing.mp4");
  }

  @ParameterizedTest
  @CsvSource({"sound.wav", "sound.m4a", "sound.ts"})
  @RequiresPeer("ffmpeg")
  void shouldSayThatAFileHasSoundOnly(String name) throws Exception {
    Path sound = Ffmpeg.sound(directory.resolve(name));

    assertUnusable(sound, name);
  }

  @Test
  @RequiresPeer("ffmpeg")
  void shouldReadATruncatedFileAsFarAsItGoes() throws Exception {
    Path indexFirst =
        Ffmpeg.convert(
            CARS, directory.resolve("first.mp4"), "-an", "-c", "copy", "-movflags", "+faststart");
    List<String> whole = md5(json(indexFirst));

    List<JsonNode> half = json(truncated(indexFirst));

    assertThat(half).hasSizeBetween(100, 300);
    assertThat(whole.subList(0, half.size() - 2)).isEqualTo(md5(half).subList(0, half.size() - 2));
    assertThat(summary(half).get("poolOutstanding").asInt()).isZero();
  }

  @Test
  @RequiresPeer("ffmpeg")
  void shouldSayThatATruncatedFileHasLostItsIndex() throws Exception {
    Path indexLast = Ffmpeg.convert(CARS, directory.resolve("last.mp4"), "-an", "-c", "copy");

    assertUnusable(truncated(indexLast), "MP4");
  }

  @Test
  @RequiresPeer("ffmpeg")
  void shouldSayThatNoPictureIsLeftInATruncatedFile() throws Exception {
    Path indexFirst =
        Ffmpeg.convert(
            CARS, directory.resolve("first.mp4"), "-an", "-c", "copy", "-movflags", "+faststart");
    Path stump = directory.resolve("stump.mp4");
    Files.write(stump, Arrays.copyOf(Files.readAllBytes(indexFirst), 20_000));

    assertUnusable(stump, "no picture comes out of it");
  }

  private Path truncated(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return Files.write(directory.resolve("truncated.mp4"), Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static void assertUnusable(Path file, String what) {
    CapturedRun run = CapturedRun.of("inspect", file.toString());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasLineCount(1).contains(what).doesNotContain("Exception");
  }

  private static List<String> frameMd5(Path file) {
    CapturedRun run = CapturedRun.of("inspect", file.toString(), "--format", "framemd5");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().stream().filter(line -> !line.startsWith("#")).toList();
  }

  private static List<JsonNode> json(Path file) throws IOException {
    CapturedRun run = CapturedRun.of("inspect", file.toString(), "--format", "json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out()) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }

  private static JsonNode summary(List<JsonNode> lines) {
    return lines.get(lines.size() - 1).get("summary");
  }

  private static List<String> md5(List<JsonNode> lines) {
    return lines.stream()
        .filter(line -> !line.has("summary"))
        .map(line -> line.get("md5").asText())
        .toList();
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
