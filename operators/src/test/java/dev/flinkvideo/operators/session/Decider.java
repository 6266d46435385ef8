package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.SessionCommand;
import java.util.List;

/** What the simulation asks: the machine itself, or the Flink function around it. */
interface Decider {
  /**
   * @param command null if none was given
   * @param quarantined sources that broke once too often
   */
  record Decided(List<Change> changes, SessionCommand command, List<String> quarantined) {}

  Decided decide(Signal signal, long nowMs);

  /** When it wants to be asked again whatever happens; {@code Long.MAX_VALUE} for never. */
  long deadlineMs();

  SessionState state();
}
