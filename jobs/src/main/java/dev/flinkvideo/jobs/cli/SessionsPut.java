package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionSpecification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions put}: says what is wanted of sessions. */
@Command(
    name = "put",
    description = "Say what is wanted of sessions; what was said before is replaced.",
    footer = {
      "",
      "Examples:",
      "  flink-video sessions put lobby.json hall.json",
      "  flink-video sessions put - --json < lobby.json"
    })
final class SessionsPut implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "A session specification as JSON each; - is standard input.")
  private List<Path> files;

  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "One JSON line a session, as on video.sessions.")
  private boolean json;

  SessionsPut() {}

  @Override
  public Integer call() throws Exception {
    List<SessionSpecification> wanted = new ArrayList<>();
    for (Path file : files) { // all of them, before anything is written
      wanted.add(read(file));
    }
    KafkaAccess access = kafka.access();
    PrintWriter out = spec.commandLine().getOut();
    try (SessionTopics topics = new SessionTopics(access, List.of(Topics.SESSIONS))) {
      for (SessionSpecification each : wanted) {
        byte[] written = JsonRecords.write(each);
        topics.write(access.topics().sessions(), each.session(), written);
        out.println(
            json
                ? new String(written, UTF_8)
                : "session %s has %d sources".formatted(each.session(), each.sources().size()));
      }
    }
    return 0;
  }

  private static SessionSpecification read(Path file) throws UnusableInputException {
    byte[] json = StrictJson.bytes(file);
    try {
      return StrictJson.specification(json);
    } catch (UnusableInputException e) {
      throw new UnusableInputException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
