package dev.flinkvideo.jobs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sessions}: says what is wanted of sessions, and shows where they stand. */
@Command(
    subcommands = {
      SessionsPut.class,
      SessionsList.class,
      SessionsShow.class,
      SessionsWatch.class,
      SessionsMove.class,
      SessionsRemove.class
    },
    footer = {
      "",
      "Examples:",
      "  flink-video sessions put lobby.json --bootstrap localhost:9092",
      "  flink-video sessions list",
      "  flink-video sessions move lobby backup --for 1h"
    })
final class SessionsCommand implements Runnable {
  @Spec private CommandSpec spec;

  SessionsCommand() {}

  /** Only without a subcommand of its own. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: put, list, show, watch, move, remove");
  }
}
