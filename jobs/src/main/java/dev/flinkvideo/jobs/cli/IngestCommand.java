package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.Brokers;
import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.TopicsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ingest}: a {@link Gateway} until Ctrl-C. */
@Command(
    footer = {
      "",
      "config/ingest.yaml explains every key. Without --config publishers need keys that no file names: nobody is"
          + " let in, and only pulled sources without secrets work.",
      "",
      "Example:",
      "  flink-video ingest --config config/ingest.yaml --bootstrap localhost:9092"
    })
final class IngestCommand implements Callable<Integer> {
  /** As many as the job creates. */
  private static final int PARTITIONS = 4;

  @Spec private CommandSpec spec;

  @Mixin private BootstrapOption bootstrap;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Ports, keys and limits as YAML, see config/ingest.yaml.")
  private Path config;

  IngestCommand() {}

  @Override
  public Integer call() throws Exception {
    GatewayConfiguration configuration = configuration();
    createTopics(configuration);
    try (Gateway gateway = new Gateway(configuration)) {
      gateway.start();
      tell(gateway, configuration);
      new CountDownLatch(1).await(); // until interrupted
    }
    return 0;
  }

  private GatewayConfiguration configuration() throws IOException, UnusableInputException {
    GatewayConfiguration read = config == null ? GatewayConfiguration.DEFAULT : read();
    return bootstrap.isGiven() ? read.withBootstrap(bootstrap.value()) : read;
  }

  private GatewayConfiguration read() throws IOException, UnusableInputException {
    try {
      return GatewayConfiguration.read(config);
    } catch (NoSuchFileException e) {
      throw new UnusableInputException(config + " does not exist", e);
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }

  /** Only those that it uses: it may not see the others. */
  private static void createTopics(GatewayConfiguration configuration)
      throws BrokerUnreachableException, TopicsException {
    List<String> needed =
        new ArrayList<>(List.of(Topics.SEGMENTS, Topics.COMMANDS, Topics.REPORTS));
    if (!configuration.createSessions().isEmpty()) {
      needed.add(Topics.SESSIONS);
    }
    GatewayConfiguration.Kafka kafka = configuration.kafka();
    Properties settings = new Properties();
    settings.putAll(kafka.properties());
    try (Admin admin = Brokers.connect(kafka.bootstrap(), settings)) {
      new Topics(kafka.topicPrefix()).ensure(admin, TopicCreation.unreplicated(PARTITIONS), needed);
    }
  }

  private void tell(Gateway gateway, GatewayConfiguration configuration) {
    PrintWriter out = spec.commandLine().getOut();
    if (gateway.rtmpPort() > 0) {
      out.printf("rtmp on port %d%n", gateway.rtmpPort());
    }
    if (gateway.srtPort() > 0) {
      out.printf("srt on port %d%n", gateway.srtPort());
    }
    if (gateway.whipPort() > 0) {
      out.printf("whip and /publish on http port %d%n", gateway.whipPort());
    }
    out.printf("http on %s:%d%n", configuration.http().bind(), gateway.httpPort());
    out.println("gateway ready on kafka " + configuration.kafka().bootstrap());
  }
}
