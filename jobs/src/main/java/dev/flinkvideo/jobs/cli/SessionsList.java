package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionStatus;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sessions list}: where all sessions stand. */
@Command(
    name = "list",
    description = "Where all sessions stand.",
    footer = {"", "Example:", "  flink-video sessions list --json"})
final class SessionsList implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "One JSON line a session, as on video.status.")
  private boolean json;

  SessionsList() {}

  @Override
  public Integer call() throws Exception {
    KafkaAccess access = kafka.access();
    try (SessionTopics topics =
        new SessionTopics(access, List.of(Topics.SESSIONS, Topics.STATUS))) {
      Map<String, byte[]> specified = topics.newest(access.topics().sessions());
      Map<String, byte[]> statuses = topics.newest(access.topics().status());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        statuses.values().forEach(s -> out.println(new String(s, StandardCharsets.UTF_8)));
        return 0;
      }
      SessionTable table =
          new SessionTable(
              "SESSION", "STATE", "FOR", "SOURCE", "MOVES", "FIDELITY", "LATENCY", "WHY", "PINNED");
      for (byte[] status : statuses.values()) {
        add(table, JsonRecords.readStatus(status));
      }
      specified.keySet().stream()
          .filter(session -> !statuses.containsKey(session))
          .forEach(
              session ->
                  table.add(session, "new", null, null, null, null, null, "no job has it", null));
      table.print(out);
    }
    return 0;
  }

  private static void add(SessionTable table, SessionStatus status) {
    long nowMs = System.currentTimeMillis();
    DecodingText decoding = DecodingText.of(status, nowMs);
    table.add(
        status.session(),
        status.state(),
        SessionTable.since(nowMs - status.sinceMs()),
        status.source(),
        status.moves(),
        decoding.fidelity(),
        decoding.latency(),
        status.reason(),
        status.pin() == null ? null : status.pin().source());
  }
}
