package dev.flinkvideo.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.SourceStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions show}: all that is known of one session. */
@Command(
    name = "show",
    description = "All that is known of one session.",
    footer = {"", "Example:", "  flink-video sessions show lobby"})
final class SessionsShow implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "S", description = "The session.")
  private String session;

  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "Specification, status and command as one JSON line.")
  private boolean json;

  SessionsShow() {}

  @Override
  public Integer call() throws Exception {
    KafkaAccess access = kafka.access();
    try (SessionTopics topics =
        new SessionTopics(access, List.of(Topics.SESSIONS, Topics.STATUS, Topics.COMMANDS))) {
      byte[] specification = topics.newest(access.topics().sessions()).get(session);
      byte[] status = topics.newest(access.topics().status()).get(session);
      byte[] command = topics.newest(access.topics().commands()).get(session);
      if (specification == null && status == null) {
        throw SessionsRemove.unknown(session);
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectNode line = MAPPER.createObjectNode();
        put(line, "specification", specification);
        put(line, "status", status);
        put(line, "command", command);
        out.println(line);
      } else if (status == null) {
        out.printf("%s: new, no job has it%n", session);
      } else {
        print(JsonRecords.readStatus(status), out);
      }
    }
    return 0;
  }

  private static void put(ObjectNode line, String field, byte[] value) throws IOException {
    if (value != null) {
      line.set(field, MAPPER.readTree(value));
    }
  }

  private static void print(SessionStatus status, PrintWriter out) {
    long nowMs = System.currentTimeMillis();
    out.printf(
        "%s: %s for %s (%s), %d moves%s%s%n",
        status.session(),
        status.state(),
        SessionTable.since(nowMs - status.sinceMs()),
        status.reason(),
        status.moves(),
        status.target() == null ? "" : ", moving to " + status.target(),
        status.pin() == null
            ? ""
            : ", pinned to %s for %s"
                .formatted(
                    status.pin().source(), SessionTable.since(status.pin().untilMs() - nowMs)));
    DecodingText decoding = DecodingText.of(status, nowMs);
    if (decoding.isKnown()) {
      out.println(decoding.lines());
    }
    SessionTable table =
        new SessionTable(
            "SOURCE",
            "PHASE",
            "EPOCH",
            "GATEWAY",
            "FAILURES",
            "FLAPS",
            "WAITS",
            "QUARANTINED",
            "BAD");
    for (SourceStatus source : status.sources()) {
      String mark = source.name().equals(status.source()) ? " *" : "";
      table.add(
          source.name() + mark,
          source.phase(),
          source.epoch(),
          source.gateway(),
          source.failures(),
          source.flaps(),
          until(source.retryAtMs(), nowMs),
          until(source.quarantinedUntilMs(), nowMs),
          source.triggers().isEmpty() ? null : source.triggers());
    }
    table.print(out);
  }

  private static String until(Long atMs, long nowMs) {
    return atMs == null || atMs <= nowMs ? null : SessionTable.since(atMs - nowMs);
  }
}
