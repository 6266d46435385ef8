package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.Clips;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes what {@link ContainerFuzzTest} begins with: {@code -Dregenerate=true}. */
@EnabledIfSystemProperty(named = "regenerate", matches = "true")
class ContainerSeedTest {
  private static final Path SEEDS =
      Path.of("src/test/resources/dev/flinkvideo/ingest/transport/ContainerFuzzTestInputs/read");
  private static final int SEED_BYTES = 16 * 1024;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"flv, 0", "ts, 1"})
  void shouldWriteTheBeginningOfAClip(String extension, byte choice) throws IOException {
    Path clip = Remux.video(Clips.PERSON.path(), directory.resolve("clip." + extension));
    byte[] bytes = Files.readAllBytes(clip);
    byte[] seed = new byte[SEED_BYTES];
    seed[0] = choice;
    System.arraycopy(bytes, 0, seed, 1, SEED_BYTES - 1);
    Files.createDirectories(SEEDS);
    Path file = Files.write(SEEDS.resolve("seed-" + extension), seed);

    assertThat(file).hasBinaryContent(seed);
  }
}
