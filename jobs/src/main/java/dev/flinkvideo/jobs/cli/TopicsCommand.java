package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.TopicsException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code topics}: creates what is missing, for a Kafka where the job may not. */
@Command(
    footer = {
      "",
      "Existing topics are left as they are. The job does the same at its start, unless topics.create is false.",
      "",
      "Examples:",
      "  flink-video topics --bootstrap kafka:9092 --partitions 64 --replication 3",
      "  flink-video topics --topics.prefix studio1. --create false"
    })
final class TopicsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions of topics that are created (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--replication",
      paramLabel = "N",
      defaultValue = "1",
      description = "Replication factor of topics that are created (default: ${DEFAULT-VALUE}).")
  private short replication;

  @Option(
      names = "--create",
      arity = "1",
      paramLabel = "true|false",
      defaultValue = "true",
      description = "With false, missing topics are named and the exit code is 1.")
  private boolean create;

  TopicsCommand() {}

  @Override
  public Integer call() throws Exception {
    KafkaAccess access = kafka.access();
    Topics topics = access.topics();
    try (Admin admin = access.connect()) {
      topics.ensure(admin, new TopicCreation(create, partitions, replication));
      var described = admin.describeTopics(topics.names()).allTopicNames().get();
      for (String name : topics.names()) {
        var topic = described.get(name).partitions();
        spec.commandLine()
            .getOut()
            .printf(
                "%-32s %d partitions, %d replicas%n",
                name, topic.size(), topic.get(0).replicas().size());
      }
    } catch (ExecutionException e) {
      throw new TopicsException("cannot describe topics: " + e.getCause().getMessage(), e);
    }
    return 0;
  }
}
