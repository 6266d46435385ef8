package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Native memory before and after doing a thing often. */
@EnabledOnOs(OS.LINUX)
class NativeMemoryTest {
  private static final int WARM_UP = 40;

  /**
   * What the collector may add meanwhile; the least of the leaks guarded against is four times it.
   */
  private static final long BOUND_KIB = 16 * 1024;

  private static final long JAVA_HEAP_END = 1L << 32;
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ ");

  @TempDir Path directory;

  private interface Deed {
    void perform() throws IOException;
  }

  @Test
  void shouldNotGrowByOpeningAndClosingFiles() throws IOException {
    assertBounded(
        200,
        () -> {
          try (CompleteTimes source = new CompleteTimes(new FileSource(Clips.PERSON.path()))) {
            source.next();
          }
        });
  }

  @Test
  void shouldNotGrowByFindingPresentationTimes() throws IOException {
    Path raw = Remux.video(Clips.PERSON.path(), directory.resolve("clip.h264"));
    assertBounded(
        100,
        () -> {
          try (CompleteTimes source = new CompleteTimes(new FileSource(raw))) {
            for (int i = 0; i < 50; i++) {
              source.next();
            }
          }
        });
  }

  @Test
  void shouldNotGrowByPackagingRecords() throws IOException {
    for (Container container : Container.values()) {
      assertBounded(
          100,
          () -> {
            try (CompleteTimes source = new CompleteTimes(new FileSource(Clips.CAR.path()))) {
              ContainerPackager packager = new ContainerPackager(source, container, record -> {});
              for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
                packager.add(unit, source.durationTicks(), /* arrivalUs= */ 0);
              }
              packager.finish();
            }
          });
    }
  }

  @Test
  void shouldNotGrowByEncodingFaultyClips() throws IOException {
    assertBounded(
        100,
        () -> {
          try (FaultyClip faulty = new FaultyClip(Clips.CAR.path(), FaultSchedule.DEFAULT)) {
            faulty.next();
            faulty.next();
          }
        });
  }

  @Test
  void shouldNotGrowByReadingConnectionsToWhateverEnd() throws IOException {
    byte[] whole = Files.readAllBytes(Remux.video(Clips.BOTTLE.path(), directory.resolve("a.flv")));
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    byte[] noise = Arrays.copyOfRange(whole, 1000, 50_000);
    assertBounded(
        200,
        () -> {
          for (byte[] bytes : List.of(half, noise)) {
            for (String container : List.of("flv", "mpegts")) {
              ContainerReader.of(new BytesFeed(bytes), container, Deadlines.DEFAULT)
                  .read(new Recording());
            }
          }
        });
  }

  private static void assertBounded(int times, Deed deed) throws IOException {
    repeat(WARM_UP, deed);
    long before = residentKiB();
    repeat(times, deed);
    long grown = residentKiB() - before;
    assertThat(grown).isLessThan(BOUND_KIB);
  }

  private static void repeat(int times, Deed deed) throws IOException {
    for (int i = 0; i < times; i++) {
      deed.perform();
    }
  }

  /**
   * Resident memory without the Java heap, which comes and goes as it likes and, being small, lies
   * below 4 GiB.
   */
  private static long residentKiB() throws IOException {
    long sum = 0;
    boolean counted = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.lookingAt()) {
        counted = Long.parseUnsignedLong(mapping.group(1), 16) >= JAVA_HEAP_END;
      }
      if (counted && line.startsWith("Rss:")) {
        sum += Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return sum;
  }
}
