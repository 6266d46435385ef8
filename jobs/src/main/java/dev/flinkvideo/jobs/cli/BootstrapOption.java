package dev.flinkvideo.jobs.cli;

import picocli.CommandLine.Option;

/** {@code --bootstrap}, for every command that talks to a Kafka. A picocli mixin. */
final class BootstrapOption {
  private static final String DEFAULT = "localhost:9092";

  @Option(
      names = "--bootstrap",
      paramLabel = "H:P",
      description = "A Kafka broker (default: " + DEFAULT + ").")
  private String bootstrap;

  BootstrapOption() {}

  String value() {
    return or(DEFAULT);
  }

  /** What was given, or {@code other} if nothing was. */
  String or(String other) {
    return isGiven() ? bootstrap : other;
  }

  boolean isGiven() {
    return bootstrap != null;
  }
}
