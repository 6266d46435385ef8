package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.SessionSpecification;

/** What a session hears of. All of it may come late, twice, out of order or not at all. */
public sealed interface Signal {
  /** An operator says what is wanted; a move is a pin in it. */
  record Specified(SessionSpecification specification) implements Signal {}

  /** An operator ends the session. */
  record Removed() implements Signal {}

  /** A gateway says what became of a connection. */
  record Reported(ConnectionReport report) implements Signal {}

  /** An analyzer raised or cleared an alarm; events of other kinds are none. */
  record Alarmed(Event event) implements Signal {}

  /** The decoder got too much since the last key frame to be restored from it. */
  record NotRecoverable(Event event) implements Signal {}

  /** Time has passed, perhaps a deadline. */
  record Tick() implements Signal {}
}
