package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flinkvideo.jobs.KafkaAccess;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions watch}: every change of sessions, as it is made. */
@Command(
    name = "watch",
    description = "Every change of sessions as it is made, until Ctrl-C.",
    footer = {"", "Example:", "  flink-video sessions watch lobby"})
final class SessionsWatch implements Callable<Integer> {
  private static final Set<EventKind> KINDS =
      EnumSet.of(
          EventKind.SESSION_CHANGED,
          EventKind.SOURCE_QUARANTINED,
          EventKind.SPECIFICATION_REJECTED,
          EventKind.GATEWAY_INCOMPATIBLE);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "S", arity = "0..1", description = "One session (default: all).")
  private String session;

  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "Events as JSON lines, as on video.events.")
  private boolean json;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "" + Long.MAX_VALUE,
      description = "End after N changes.")
  private long max;

  @Option(
      names = "--timeout",
      paramLabel = "T",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = "End when nothing came for so long; 0s waits for ever (default).")
  private Duration timeout;

  SessionsWatch() {}

  @Override
  public Integer call() throws Exception {
    KafkaAccess access = kafka.access();
    try (SessionTopics topics =
        new SessionTopics(access, List.of(Topics.SESSIONS, Topics.STATUS, Topics.EVENTS))) {
      boolean known = session == null || isKnown(topics, access.topics());
      topics.follow(access.topics().events());
      if (!known) { // once nothing is missed that comes of it
        spec.commandLine().getErr().println("no session '%s' yet: waiting".formatted(session));
      }
      new PrintedRecords(spec.commandLine().getOut(), max, timeout).print(topics::next, this::line);
    }
    return 0;
  }

  /** Whether somebody wants it, or a gateway has told of it. */
  private boolean isKnown(SessionTopics topics, Topics names) {
    return topics.newest(names.sessions()).containsKey(session)
        || topics.newest(names.status()).containsKey(session);
  }

  private Optional<String> line(ConsumerRecord<byte[], byte[]> record) {
    boolean other = session != null && !session.equals(SessionTopics.key(record));
    if (other || record.value() == null) {
      return Optional.empty();
    }
    try {
      Event event = JsonRecords.readEvent(record.value());
      if (!KINDS.contains(event.kind())) {
        return Optional.empty();
      }
      return Optional.of(json ? new String(record.value(), UTF_8) : line(event));
    } catch (RejectedRecordException e) {
      return Optional.empty(); // not ours
    }
  }

  private static String line(Event event) {
    Instant at = Instant.ofEpochMilli(event.atUs() / 1_000).truncatedTo(ChronoUnit.MILLIS);
    String what =
        event.kind() == EventKind.SESSION_CHANGED
            ? "%s -> %s, %s"
                .formatted(
                    event.from(),
                    event.to(),
                    event.source() == null ? event.name() : event.source() + ", " + event.name())
            : "%s %s"
                .formatted(
                    event.source() == null ? "" : event.source(),
                    event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .strip();
    String detail = event.message() == null ? "" : " (" + event.message() + ")";
    String stood = event.stoodMs() == null ? "" : " after " + SessionTable.since(event.stoodMs());
    return "%s  %s  %s%s%s".formatted(at, event.session(), what, stood, detail);
  }
}
