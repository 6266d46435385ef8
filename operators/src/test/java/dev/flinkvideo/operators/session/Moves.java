package dev.flinkvideo.operators.session;

/** Tells moves among the changes of a simulated session. */
final class Moves {
  private Moves() {}

  /** A session left its source for another one, or gave it up for lost. */
  static boolean isMove(Simulation.Line line) {
    Change change = line.change();
    boolean away = change.to() == SessionState.MIGRATING || change.to() == SessionState.CONNECTING;
    return away && change.from() == SessionState.STREAMING;
  }
}
