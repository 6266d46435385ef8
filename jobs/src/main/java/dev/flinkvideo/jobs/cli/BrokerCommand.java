package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code broker}: an {@link EmbeddedBroker} until Ctrl-C. */
@Command(
    footer = {
      "",
      "It listens on 127.0.0.1 only and has no authentication.",
      "",
      "Example:",
      "  flink-video broker --port 9092"
    })
final class BrokerCommand implements Callable<Integer> {
  private static final int HIGHEST_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "9092",
      description = "Where it listens; 0 is any free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "Keep the records in this directory (default: a temporary one).")
  private Path directory;

  BrokerCommand() {}

  @Override
  public Integer call() throws IOException, UnusableInputException, InterruptedException {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new UnusableInputException(
          "--port=%d is no port: say 0 to %d".formatted(port, HIGHEST_PORT));
    }
    try (EmbeddedBroker broker = start()) {
      spec.commandLine().getOut().println("kafka ready at " + broker.bootstrap());
      new CountDownLatch(1).await(); // until interrupted
    }
    return 0;
  }

  private EmbeddedBroker start() throws IOException {
    return directory == null ? EmbeddedBroker.start(port) : EmbeddedBroker.start(port, directory);
  }
}
