package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The newest command of each session. Guarded by its owner, {@link Connections}. */
final class Commands {
  private record Commanded(int partition, SessionCommand command) {}

  /** A pushed source that a command names. */
  record Expected(SourceId id, SourceSpecification source) {}

  private final Map<String, Commanded> newest = new HashMap<>();

  /**
   * @param command null if nothing is wanted any more
   */
  void put(String session, int partition, SessionCommand command) {
    if (command == null) {
      newest.remove(session);
    } else {
      newest.put(session, new Commanded(partition, command));
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
    return newest.values().stream()
        .map(Commanded::command)
        .flatMap(command -> pushed(command, stream))
        .distinct();
  }

  private static Stream<Expected> pushed(SessionCommand command, StreamName stream) {
    Stream<SourceSpecification> open =
        command.connections().stream().map(DesiredConnection::source);
    return Stream.concat(command.awaited().stream(), open)
        .filter(source -> source.isPushed() && StreamName.of(source).equals(stream))
        .map(source -> new Expected(new SourceId(command.session(), source.name()), source));
  }
}
