package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.local.LocalCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: Kafka, the job and a gateway in one process, until Ctrl-C. */
@Command(
    footer = {
      "",
      "Without --config whoever is on this host may publish, under any name, and becomes a session of that name.",
      "",
      "Examples:",
      "  flink-video up",
      "  flink-video up --config config/ingest.yaml --kafka-port 19092"
    })
final class UpCommand implements Callable<Integer> {
  /** So that a session moves at once to another protocol that it is published by. */
  private static final String STANDBYS = "2";

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Of the gateway, see config/ingest.yaml (default: config/up.yaml).")
  private Path config;

  @Option(
      names = "--kafka-port",
      paramLabel = "P",
      defaultValue = "9092",
      description = "Where Kafka listens; 0 is any free port (default: ${DEFAULT-VALUE}).")
  private int kafkaPort;

  @Option(
      names = "--observe",
      paramLabel = "frame|1s",
      defaultValue = "1s",
      description = "One observation per picture or per such interval (default: ${DEFAULT-VALUE}).")
  private String observe;

  UpCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    GatewayConfiguration configuration = configuration();
    out.println("starting Kafka");
    try (EmbeddedBroker broker = EmbeddedBroker.start(kafkaPort)) {
      out.println("starting Flink and its job");
      Configuration options = options(broker.bootstrap());
      VideoJob.prepareTopics(options);
      try (LocalCluster cluster = new LocalCluster(options);
          Gateway gateway = new Gateway(configuration.withBootstrap(broker.bootstrap()))) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        gateway.start();
        gateway.awaitReady();
        new Addresses(gateway, broker.bootstrap()).print(out);
        cluster.awaitEnd();
      }
    }
    return 0;
  }

  private Configuration options(String bootstrap) throws UnusableInputException {
    try {
      return JobConfiguration.parse(
          "--bootstrap", bootstrap, "--observe", observe, "--session.standbys", STANDBYS);
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }

  private GatewayConfiguration configuration() throws IOException, UnusableInputException {
    Path home = Installation.ofLauncher().home();
    Path file = config == null ? home.resolve("config").resolve("up.yaml") : config;
    try {
      return GatewayConfiguration.read(file);
    } catch (NoSuchFileException e) {
      throw new UnusableInputException(file + " does not exist", e);
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }
}
