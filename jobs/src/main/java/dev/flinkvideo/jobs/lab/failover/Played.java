package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.SessionCommand;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All that a job wrote, as far as it concerns sessions that move. Reads when asked. One thread. */
final class Played {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String bootstrap;
  private final Topics written;

  Played(String bootstrap, Topics written) {
    this.bootstrap = bootstrap;
    this.written = written;
  }

  List<Event> events(String session) throws Exception {
    List<Event> events = new ArrayList<>();
    for (byte[] record : records(written.events(), session)) {
      events.add(JsonRecords.readEvent(record));
    }
    return events;
  }

  /** Without tombstones. */
  List<SessionCommand> commands(String session) throws Exception {
    List<SessionCommand> commands = new ArrayList<>();
    for (byte[] record : records(written.commands(), session)) {
      commands.add(JsonRecords.readCommand(record));
    }
    return commands;
  }

  List<SeenSession.Shown> shown(String session, Sources sources) throws Exception {
    List<SeenSession.Shown> shown = new ArrayList<>();
    for (byte[] record : records(written.observations(), session)) {
      JsonNode json = MAPPER.readTree(record);
      shown.add(
          new SeenSession.Shown(
              json.path("source").asText(),
              sources.picture(json),
              json.path("timeNs").asLong(),
              json.path("timing").path("appendUs").asLong() / 1_000,
              json.path("timing").path("emittedUs").asLong() / 1_000));
    }
    return shown;
  }

  private List<byte[]> records(String topic, String session) throws Exception {
    try (SessionTopics topics = new SessionTopics(bootstrap)) {
      return topics.all(topic).stream()
          .filter(record -> SessionTopics.key(record).equals(session) && record.value() != null)
          .map(ConsumerRecord::value)
          .toList();
    }
  }
}
