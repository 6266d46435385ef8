package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions remove}: ends a session. */
@Command(
    name = "remove",
    description = "End a session: its connections are closed and it is forgotten.",
    footer = {"", "Example:", "  flink-video sessions remove lobby"})
final class SessionsRemove implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "S", description = "The session.")
  private String session;

  @Mixin private KafkaOptions kafka;

  SessionsRemove() {}

  @Override
  public Integer call() throws Exception {
    KafkaAccess access = kafka.access();
    try (SessionTopics topics = new SessionTopics(access, List.of(Topics.SESSIONS))) {
      if (!topics.newest(access.topics().sessions()).containsKey(session)) {
        throw unknown(session);
      }
      topics.write(access.topics().sessions(), session, null);
    }
    spec.commandLine().getOut().printf("session %s is removed%n", session);
    return 0;
  }

  static UnusableInputException unknown(String session) {
    return new UnusableInputException(
        "no session '%s': 'flink-video sessions list' lists them".formatted(session));
  }
}
