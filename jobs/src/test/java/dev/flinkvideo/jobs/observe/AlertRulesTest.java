package dev.flinkvideo.jobs.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.peers.RequiresPeer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@RequiresPeer("promtool")
class AlertRulesTest {
  private static final Path RULES =
      Path.of(System.getProperty("project.root", ".."), "config/prometheus");

  @Test
  void shouldBeRulesForPrometheus() throws Exception {
    assertThat(promtool("check", "rules", RULES.resolve("alerts.yml").toString()))
        .contains("8 rules found");
  }

  @Test
  void shouldAlertWhenItIsTimeToWorryAndNotBefore() throws Exception {
    assertThat(promtool("test", "rules", RULES.resolve("alerts.test.yml").toString()))
        .contains("SUCCESS");
  }

  private static String promtool(String... arguments) throws Exception {
    Process promtool =
        new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(output).isZero();
    return output;
  }
}
