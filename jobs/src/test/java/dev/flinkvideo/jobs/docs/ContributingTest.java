package dev.flinkvideo.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of CONTRIBUTING.md are code that compiles. */
class ContributingTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n// (\\S+)\n(.*?)```");

  @Test
  void shouldShowCodeAsItIsInTheTests() throws Exception {
    List<MatchResult> examples =
        EXAMPLE.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md"))).results().toList();

    assertThat(examples).hasSize(3);
    for (MatchResult example : examples) {
      assertThat(Files.readString(ROOT.resolve(example.group(1))))
          .as(example.group(1))
          .endsWith(example.group(2));
    }
  }
}
