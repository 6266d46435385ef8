package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionCommand;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All that a job wrote so far, as far as it concerns sessions that move. Immutable. */
final class Played {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, List<byte[]>> events;
  private final Map<String, List<byte[]>> commands;
  private final Map<String, List<byte[]>> reports;
  private final Map<String, List<byte[]>> observations;

  private Played(
      Map<String, List<byte[]>> events,
      Map<String, List<byte[]>> commands,
      Map<String, List<byte[]>> reports,
      Map<String, List<byte[]>> observations) {
    this.events = events;
    this.commands = commands;
    this.reports = reports;
    this.observations = observations;
  }

  static Played read(String bootstrap, Topics written) throws Exception {
    return new Played(
        bySession(bootstrap, written.events()),
        bySession(bootstrap, written.commands()),
        bySession(bootstrap, written.reports()),
        bySession(bootstrap, written.observations()));
  }

  List<Event> events(String session) throws Exception {
    List<Event> read = new ArrayList<>();
    for (byte[] record : events.getOrDefault(session, List.of())) {
      read.add(JsonRecords.readEvent(record));
    }
    return read;
  }

  List<SessionCommand> commands(String session) throws Exception {
    List<SessionCommand> read = new ArrayList<>();
    for (byte[] record : commands.getOrDefault(session, List.of())) {
      read.add(JsonRecords.readCommand(record));
    }
    return read;
  }

  /**
   * @param number which picture of the programme an observation shows; asked in their order
   */
  List<SeenSession.Shown> shown(String session, ToLongFunction<JsonNode> number) throws Exception {
    List<SeenSession.Shown> shown = new ArrayList<>();
    for (JsonNode json : observations(session)) {
      shown.add(
          new SeenSession.Shown(
              json.path("source").asText(),
              number.applyAsLong(json),
              json.path("timeNs").asLong(),
              json.path("timing").path("appendUs").asLong() / 1_000,
              json.path("timing").path("emittedUs").asLong() / 1_000));
    }
    return shown;
  }

  List<JsonNode> observations(String session) throws Exception {
    List<JsonNode> read = new ArrayList<>();
    for (byte[] record : observations.getOrDefault(session, List.of())) {
      read.add(MAPPER.readTree(record));
    }
    return read;
  }

  /** All of a session, as it is on the topics: {@code SESSION-TOPIC.jsonl}. */
  void write(String session, Path directory) throws IOException {
    write(session, "events", events, directory);
    write(session, "commands", commands, directory);
    write(session, "reports", reports, directory);
    write(session, "observations", observations, directory);
  }

  private static void write(
      String session, String topic, Map<String, List<byte[]>> records, Path directory)
      throws IOException {
    Path to = directory.resolve("%s-%s.jsonl".formatted(session, topic));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
      for (byte[] record : records.getOrDefault(session, List.of())) {
        out.write(record);
        out.write('\n');
      }
    }
  }

  /** Of all sessions. */
  int observations() {
    return observations.values().stream().mapToInt(List::size).sum();
  }

  /** Without tombstones. */
  private static Map<String, List<byte[]>> bySession(String bootstrap, String topic)
      throws Exception {
    try (SessionTopics topics = new SessionTopics(bootstrap)) {
      return topics.all(topic).stream()
          .filter(record -> record.value() != null)
          .collect(
              Collectors.groupingBy(
                  SessionTopics::key,
                  Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
    }
  }
}
