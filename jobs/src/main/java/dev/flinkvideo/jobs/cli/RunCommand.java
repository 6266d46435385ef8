package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.JobOptions;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.local.LocalCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code run}: the job in a mini cluster of this process, on a Kafka of yours. */
@Command(
    footer = {
      "",
      "Every option of config/job.yaml can be given as --key value; --flink.KEY goes to the mini cluster and"
          + " --kafka.KEY to Kafka's clients.",
      "",
      "Examples:",
      "  flink-video run --bootstrap localhost:9092",
      "  flink-video run --bootstrap localhost:9092 --observe frame --picture-md5",
      "  flink-video run --config job.yaml --analyze.black.duration 1s",
      "  flink-video run --flink.taskmanager.memory.managed.size 1g"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private BootstrapOption bootstrap;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options as YAML, see config/job.yaml.")
  private String config;

  @Option(
      names = "--observe",
      paramLabel = "frame|1s",
      description = "One observation per picture or per such interval of media (default: 1s).")
  private String observe;

  @Option(
      names = "--picture-md5",
      description = "Add the MD5 of every picture, with --observe frame.")
  private boolean pictureMd5;

  @Option(
      names = "--delivery",
      paramLabel = "at-least-once|exactly-once",
      description = "What consumers may count on after a failure (default: at-least-once).")
  private String delivery;

  @Unmatched private List<String> further = new ArrayList<>();

  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    Configuration options = options();
    VideoJob.prepareTopics(options);
    try (LocalCluster cluster = new LocalCluster(options)) {
      cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
      spec.commandLine()
          .getOut()
          .println("job running on kafka " + options.get(JobOptions.BOOTSTRAP));
      cluster.awaitEnd();
    }
    return 0;
  }

  private Configuration options() throws UnusableInputException {
    List<String> arguments = new ArrayList<>();
    if (config != null) {
      arguments.addAll(List.of("--config", config));
    }
    if (config == null || bootstrap.isGiven()) {
      arguments.addAll(List.of("--bootstrap", bootstrap.value())); // else the file's, if it has one
    }
    if (observe != null) {
      arguments.addAll(List.of("--observe", observe));
    }
    if (pictureMd5) {
      arguments.addAll(List.of("--picture-md5", "true"));
    }
    if (delivery != null) {
      arguments.addAll(List.of("--delivery", delivery));
    }
    arguments.addAll(further);
    try {
      Configuration options = JobConfiguration.parse(arguments.toArray(String[]::new));
      if (!options.contains(JobOptions.BOOTSTRAP)) {
        options.set(JobOptions.BOOTSTRAP, bootstrap.value());
      }
      return options;
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }
}
