package dev.flinkvideo.jobs.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("project.root", ".."), "docs/metrics.md");

  @Test
  void shouldDescribeEveryMetricAsItsConstantDoes() throws Exception {
    String page = MetricsPage.markdown();
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("run mvn verify -Dregenerate=true to write it anew").hasContent(page);
  }
}
