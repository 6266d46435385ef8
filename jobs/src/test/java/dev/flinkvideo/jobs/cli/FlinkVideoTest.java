package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlinkVideoTest {
  @ParameterizedTest
  @EnumSource
  void shouldShowAnExampleInTheHelpOfEverySubcommand(Subcommand subcommand) {
    CapturedRun help = CapturedRun.of(subcommand.label(), "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains(subcommand.description());
    assertThat(help.out().get(0)).startsWith("Usage: flink-video " + subcommand.label());
    assertThat(help.out()).anyMatch(line -> line.startsWith("Example"));
    assertThat(help.out()).anyMatch(line -> line.startsWith("  flink-video " + subcommand.label()));
    assertThat(examples(help.out()))
        .as("examples, which a wrapped line would spoil")
        .allMatch(line -> line.startsWith("  "));
  }

  private static List<String> examples(List<String> help) {
    return help.stream().dropWhile(line -> !line.startsWith("Example")).skip(1).toList();
  }

  @Test
  void shouldListEverySubcommandInItsHelp() {
    CapturedRun help = CapturedRun.of("--help");

    assertThat(help.exitCode()).isZero();
    for (Subcommand subcommand : Subcommand.values()) {
      assertThat(help.out()).anyMatch(line -> line.strip().startsWith(subcommand.label()));
    }
  }

  @Test
  void shouldEndWithCode2AndOneLineOnBadUsage() {
    assertBadUsage(CapturedRun.of(), "say what to do");
    assertBadUsage(CapturedRun.of("tial"), "'tial' is no command; commands are ");
    assertBadUsage(CapturedRun.of("--frobnicate"), "'--frobnicate' is no option");
    assertBadUsage(CapturedRun.of("broker", "--prot", "1"), "the nearest is '--port'");
    assertBadUsage(CapturedRun.of("broker", "--port", "many"), "'many'");
    assertBadUsage(CapturedRun.of("tail"), "TOPIC");
    assertBadUsage(CapturedRun.of("tail", "a", "--timeout", "10"), "is not a duration");
  }

  @Test
  void shouldEndWithCode2AndOneLineOnAValueThatCannotBe() {
    assertUnusable(CapturedRun.of("broker", "--port", "99999"), "--port=99999");
    assertUnusable(CapturedRun.of("tail", "a", "--max", "0"), "--max=0");
    assertUnusable(CapturedRun.of("demo", "--sessions", "3"), "--sessions=3");
    assertUnusable(CapturedRun.of("inspect", "a", "--pool-size", "3x"), "--pool-size=3x");
  }

  private static void assertUnusable(CapturedRun run, String why) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(why).hasLineCount(1);
  }

  private static void assertBadUsage(CapturedRun run, String why) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(why).contains("--help").hasLineCount(1);
  }
}
