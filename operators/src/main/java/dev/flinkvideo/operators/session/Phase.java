package dev.flinkvideo.operators.session;

/** How far a connection has come. In this order; the code is what is in state. */
enum Phase {
  CLOSED(0, "closed"),
  /** Commanded; nothing was heard of it yet. */
  OPENING(1, "opening"),
  /** The transport is connected. */
  OPENED(2, "opened"),
  /** It holds a key frame: it could go live at once. */
  READY(3, "ready"),
  /** It publishes. */
  LIVE(4, "live");

  private final int code;
  private final String label;

  Phase(int code, String label) {
    this.code = code;
    this.label = label;
  }

  static Phase ofCode(int code) {
    for (Phase phase : values()) {
      if (phase.code == code) {
        return phase;
      }
    }
    throw new IllegalStateException("no phase has code=" + code);
  }

  int code() {
    return code;
  }

  String label() {
    return label;
  }

  boolean isAtLeast(Phase other) {
    return code >= other.code;
  }
}
