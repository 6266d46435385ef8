package dev.flinkvideo.operators.frame;

/**
 * A lease or a frame that should have come back by now: whoever had it has lost it.
 *
 * @param owner the session
 * @param generation its running number in the pool: the same in every report of the same loss
 * @param ageNs how long it has been in this state
 * @param takenHere the line that took the frame, if {@code -Dflinkvideo.frames.trace=true}; else
 *     null
 */
public record Overdue(
    Kind kind, String owner, long generation, long bytes, long ageNs, Throwable takenHere) {
  /** What is wrong with it. */
  public enum Kind {
    /** Closed, but a slot of it has not come back. */
    CLOSED_LEASE,
    /** Open, but no slot of it is taken any more: its decoder was forgotten. */
    UNUSED_LEASE,
    /** A picture that was never given back. */
    FRAME
  }
}
