package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertBadUsage(CapturedRun.of("broker", "--prot", "1"), "--prot");
    assertBadUsage(CapturedRun.of("broker", "--port", "many"), "'many'");
    assertBadUsage(CapturedRun.of("tail"), "TOPIC");
    assertBadUsage(CapturedRun.of("tail", "a", "--timeout", "10"), "is not a duration");
  }

  private static void assertBadUsage(CapturedRun run, String why) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(why).contains("--help").hasLineCount(1);
  }
}
