package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * What RTMP and SRT hand over to libavformat ends with a reason, whatever it is. An input is a byte
 * that chooses the container, then its bytes; the seeds are what ffmpeg sent.
 */
public class ContainerFuzzTest {
  /** Some ten pictures of {@link Encodes}, and sound. */
  public static final int SEED_BYTES = 16 * 1024;

  private static final List<String> CONTAINERS = List.of("flv", "mpegts");
  private static final Path SEEDS =
      Path.of("src/test/resources/dev/flinkvideo/ingest/transport/ContainerFuzzTestInputs/read");
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void read(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    String container = CONTAINERS.get((bytes[0] & 0xff) % CONTAINERS.size());
    assertThat(readAll(container, Arrays.copyOfRange(bytes, 1, bytes.length)))
        .allMatch(unit -> unit.unit().data().length > 0);
  }

  /**
   * Writes what {@link #read} begins with.
   *
   * @return how many pictures are found in it
   */
  public static int writeSeed(String container, byte[] sent) throws IOException {
    byte[] seed = new byte[1 + SEED_BYTES];
    seed[0] = (byte) CONTAINERS.indexOf(container);
    System.arraycopy(sent, 0, seed, 1, SEED_BYTES);
    Files.createDirectories(SEEDS);
    Files.write(SEEDS.resolve("seed-" + container), seed);
    return readAll(container, Arrays.copyOf(sent, SEED_BYTES)).size();
  }

  private static List<LiveUnit> readAll(String container, byte[] bytes) {
    BytesFeed feed = new BytesFeed(bytes);
    Recording recording = new Recording();
    Ending ending =
        ContainerReader.of(feed, container, new Deadlines(PATIENCE, PATIENCE, PATIENCE))
            .read(recording);

    assertThat(ending.reason()).isNotNull();
    assertThat(ending.detail()).isNotBlank();
    assertThat(feed.isClosed()).isTrue();
    return recording.units();
  }
}
