package dev.flinkvideo.jobs.cli;

import picocli.CommandLine.Option;

/** {@code --bootstrap}, for every command that talks to a Kafka. A picocli mixin. */
final class BootstrapOption {
  @Option(
      names = "--bootstrap",
      paramLabel = "H:P",
      defaultValue = "localhost:9092",
      description = "A Kafka broker (default: ${DEFAULT-VALUE}).")
  private String bootstrap;

  BootstrapOption() {}

  String value() {
    return bootstrap;
  }
}
