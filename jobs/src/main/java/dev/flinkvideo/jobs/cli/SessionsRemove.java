package dev.flinkvideo.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions remove}: ends a session. */
@Command(
    name = "remove",
    description = "End a session: its connections are closed and it is forgotten.",
    footer = {"", "Example:", "  flink-video sessions remove lobby"})
final class SessionsRemove implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "S", description = "The session.")
  private String session;

  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "As one JSON line, {\"session\":S,\"removed\":true}.")
  private boolean json;

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
    spec.commandLine()
        .getOut()
        .println(
            json
                ? MAPPER.createObjectNode().put("session", session).put("removed", true)
                : "session %s is removed".formatted(session));
    return 0;
  }

  static UnusableInputException unknown(String session) {
    return new UnusableInputException(
        "no session '%s': 'flink-video sessions list' lists them".formatted(session));
  }
}
