package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.SessionCommand;
import java.util.Set;

/** Does what the command topic says. Called by the thread of one {@link CommandFollower}. */
public interface CommandHandler {
  /**
   * The newest command of a session.
   *
   * @param partition of the command topic that the session belongs to
   * @param command null if nothing is wanted any more
   */
  void command(String session, int partition, SessionCommand command);

  /** Whether an operator's specification of a session is there; only if those are followed. */
  void specification(String session, boolean exists);

  /** The partitions whose pulled sources are ours from now on, and no others. */
  void own(Set<Integer> partitions);

  /** All commands that were there when following began have been handed over. */
  void caughtUp();
}
