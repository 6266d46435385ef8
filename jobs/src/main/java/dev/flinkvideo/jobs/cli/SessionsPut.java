package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionSpecification;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions put}: says what is wanted of a session. */
@Command(
    name = "put",
    description = "Say what is wanted of a session; what was said before is replaced.",
    footer = {"", "Example:", "  flink-video sessions put lobby.json"})
final class SessionsPut implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "A session specification as JSON; - is standard input.")
  private Path file;

  @Mixin private BootstrapOption bootstrap;

  SessionsPut() {}

  @Override
  public Integer call() throws Exception {
    SessionSpecification specification = StrictJson.specification(StrictJson.bytes(file));
    try (SessionTopics topics = new SessionTopics(bootstrap.value())) {
      topics.write(
          Topics.DEFAULT.sessions(), specification.session(), JsonRecords.write(specification));
    }
    spec.commandLine()
        .getOut()
        .printf(
            "session %s has %d sources%n", specification.session(), specification.sources().size());
    return 0;
  }
}
