package dev.flinkvideo.operators.session;

/**
 * Why a signal changed nothing, or less than it says. The label is used alike in metrics and docs.
 */
public enum Ignored {
  /** Of a connection that another one has replaced. */
  STALE_CONNECTION("stale-connection"),
  /** A step of its connection that is known already: doubled, or overtaken by a later one. */
  REPEATED("repeated"),
  /** Live under an epoch that its connection is not told to have: ready at most. */
  CONTRADICTORY("contradictory"),
  /** Of a source that the specification does not name. */
  UNKNOWN_SOURCE("unknown-source"),
  /** Its number is more than a day ahead of the clock: no machine can have given it. */
  FROM_THE_FUTURE("from-the-future"),
  /** An alarm about a picture that is no longer watched, or one that moves nothing. */
  STALE_ALARM("stale-alarm"),
  /** Nobody knows the session, and the connection is closed, or told to close, already. */
  UNKNOWN_SESSION("unknown-session");

  private final String label;

  Ignored(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
