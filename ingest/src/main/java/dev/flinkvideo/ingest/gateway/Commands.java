package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The newest command of each session. Guarded by its owner, {@link Connections}. */
final class Commands {
  private record Commanded(int partition, SessionCommand command) {}

  /** A pushed source that a command names. */
  record Expected(SourceId id, SourceSpecification source) {
    StreamName stream() {
      return StreamName.of(source);
    }
  }

  private final Map<String, Commanded> newest = new HashMap<>();

  /** What {@link #expecting} answers: it is asked for each publisher at each command. */
  private final Map<StreamName, Set<Expected>> expected = new HashMap<>();

  /**
   * @param command null if nothing is wanted any more
   */
  void put(String session, int partition, SessionCommand command) {
    Commanded before = newest.remove(session);
    if (before != null) {
      pushed(session, before.command()).forEach(this::remove);
    }
    if (command != null) {
      newest.put(session, new Commanded(partition, command));
      pushed(session, command).forEach(this::add);
    }
  }

  Set<String> sessions() {
    return newest.keySet();
  }

  /** Of the command topic that the session's command came from, or -1 if it has none. */
  int partition(String session) {
    Commanded commanded = newest.get(session);
    return commanded == null ? -1 : commanded.partition();
  }

  /** What should be open of a session. */
  Map<SourceId, DesiredConnection> wanted(String session) {
    Map<SourceId, DesiredConnection> wanted = new HashMap<>();
    Commanded commanded = newest.get(session);
    if (commanded != null) {
      for (DesiredConnection desired : commanded.command().connections()) {
        wanted.put(new SourceId(session, desired.source().name()), desired);
      }
    }
    return wanted;
  }

  /** The sources that wait for the publisher of a stream, of whichever sessions. */
  Stream<Expected> expecting(StreamName stream) {
    return expected.getOrDefault(stream, Set.of()).stream();
  }

  private void add(Expected source) {
    expected.computeIfAbsent(source.stream(), name -> new LinkedHashSet<>()).add(source);
  }

  private void remove(Expected source) {
    expected.computeIfPresent(
        source.stream(),
        (name, sources) -> {
          sources.remove(source);
          return sources.isEmpty() ? null : sources;
        });
  }

  private static Stream<Expected> pushed(String session, SessionCommand command) {
    Stream<SourceSpecification> open =
        command.connections().stream().map(DesiredConnection::source);
    return Stream.concat(command.awaited().stream(), open)
        .filter(SourceSpecification::isPushed)
        .map(source -> new Expected(new SourceId(session, source.name()), source));
  }
}
