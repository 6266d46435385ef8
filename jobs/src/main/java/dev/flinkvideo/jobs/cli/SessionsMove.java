package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SpecificationFaults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions move}: pins a session to one of its sources for a time. */
@Command(
    name = "move",
    description = "Move a session to one of its sources, and lock it there for a time.",
    footer = {
      "",
      "Examples:",
      "  flink-video sessions move lobby backup --for 1h",
      "  flink-video sessions move lobby backup --for 0s     (takes the lock away)"
    })
final class SessionsMove implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "S", description = "The session.")
  private String session;

  @Parameters(index = "1", paramLabel = "SOURCE", description = "One of its sources.")
  private String source;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--for",
      paramLabel = "T",
      defaultValue = "10m",
      converter = DurationConverter.class,
      description =
          "How long it is left only when it is lost; 0s takes the lock away (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration lock;

  @Option(names = "--json", description = "What the session is to be as one JSON line.")
  private boolean json;

  SessionsMove() {}

  @Override
  public Integer call() throws Exception {
    KafkaAccess access = kafka.access();
    try (SessionTopics topics = new SessionTopics(access, List.of(Topics.SESSIONS))) {
      byte[] known = topics.newest(access.topics().sessions()).get(session);
      if (known == null) {
        throw SessionsRemove.unknown(session);
      }
      long untilMs = System.currentTimeMillis() + lock.toMillis();
      SessionSpecification moved =
          JsonRecords.readSpecification(known).withPin(new Pin(source, untilMs));
      List<String> faults = SpecificationFaults.of(moved);
      if (!faults.isEmpty()) {
        throw new UnusableInputException(String.join("; ", faults));
      }
      byte[] written = JsonRecords.write(lock.isZero() ? moved.withPin(null) : moved);
      topics.write(access.topics().sessions(), session, written);
      spec.commandLine().getOut().println(json ? new String(written, UTF_8) : said());
    }
    return 0;
  }

  private String said() {
    return lock.isZero()
        ? "session %s is not locked".formatted(session)
        : "session %s is to go to %s".formatted(session, source);
  }
}
