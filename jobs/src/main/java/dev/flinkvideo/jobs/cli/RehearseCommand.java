package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.operators.session.SessionOptions;
import dev.flinkvideo.operators.session.SessionPolicy;
import dev.flinkvideo.protocol.PolicyOverrides;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rehearse}: what another reconnect policy would have done. */
@Command(
    footer = {
      "",
      "Examples:",
      "  flink-video rehearse --policy calm.json --signals monday.jsonl",
      "  flink-video rehearse --policy calm.json --session s --bootstrap localhost:9092"
    })
final class RehearseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "FILE",
      description = "A policy as JSON, as in a session specification; {} is the job's own.")
  private Path policy;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The job's options as YAML, see config/job.yaml (default: as written there).")
  private String config;

  @ArgGroup(multiplicity = "1")
  private Recording recording;

  @Mixin private KafkaOptions kafka;

  /** Where the signals come from. */
  static final class Recording {
    @Option(
        names = "--signals",
        paramLabel = "FILE",
        description =
            "JSON lines, as config/schemas/signal.schema.json describes; - is standard input.")
    private Path file;

    @ArgGroup(exclusive = false)
    private OfTopics topics;
  }

  /** A session's past on the topics of a Kafka. */
  static final class OfTopics {
    @Option(names = "--session", required = true, paramLabel = "S", description = "The session.")
    private String session;

    @Option(
        names = "--since",
        paramLabel = "T",
        converter = DurationConverter.class,
        description = "How far back (default: as far as the topics go).")
    private Duration since;
  }

  RehearseCommand() {}

  @Override
  public Integer call() throws Exception {
    PolicyOverrides overrides = StrictJson.policy(policy);
    SessionPolicy defaults = defaults();
    List<RecordedSignal> signals =
        recording.file != null
            ? RecordedSignal.read(StrictJson.bytes(recording.file))
            : RecordedSignal.read(kafka.access(), recording.topics.session, recording.topics.since);
    PrintWriter out = spec.commandLine().getOut();
    new RehearsalRun(defaults, overrides, out).run(signals);
    out.flush();
    return 0;
  }

  private SessionPolicy defaults() throws UnusableInputException {
    try {
      return SessionOptions.policy(
          config == null ? new Configuration() : JobConfiguration.parse("--config", config));
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }
}
