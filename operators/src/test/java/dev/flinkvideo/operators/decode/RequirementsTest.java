package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class RequirementsTest {
  /** What a TaskManager does whose {@code lib/} nobody gave FFmpeg. */
  static final class WithoutNatives {
    private WithoutNatives() {}

    public static void main(String[] arguments) {
      Requirements.natives();
    }
  }

  @Test
  void shouldSayWhichJarsAreMissingAndWhereTheyBelong() throws Exception {
    String classpath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("bytedeco"))
            .collect(Collectors.joining(File.pathSeparator));
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classpath,
                WithoutNatives.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(jvm.waitFor()).isOne();
    assertThat(said)
        .contains("FFmpeg cannot be loaded here", "org/bytedeco", "jobs/target/dist/flink-lib");
  }

  @Test
  void shouldRefuseToStartWithLessMemoryThanAnyDecoderTakes() {
    assertThatThrownBy(() -> DecodeHarness.open(new Configuration(), 256 << 10))
        .hasMessageContaining("a session may have 131072 of them")
        .hasMessageContaining("raise taskmanager.memory.managed.size");
  }
}
