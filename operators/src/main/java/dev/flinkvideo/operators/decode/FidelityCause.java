package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.DropReason;

/** Why fewer pictures of a session are decoded. The label is what is in events and in state. */
enum FidelityCause {
  /** The subtask is behind the end of the log. */
  LAG("lag", DropReason.LATE),
  /** The session is so far behind that it skips to the newest key frame. */
  JUMP("jump", DropReason.LATE),
  /** The frame pool cannot carry its decoder beside the others. */
  BUDGET("budget", DropReason.OVER_BUDGET),
  /** It is one of which every picture counts. */
  COMPLETE("complete", DropReason.LATE);

  private final String label;
  private final DropReason dropReason;

  FidelityCause(String label, DropReason dropReason) {
    this.label = label;
    this.dropReason = dropReason;
  }

  static FidelityCause ofLabel(String label) {
    for (FidelityCause cause : values()) {
      if (cause.label.equals(label)) {
        return cause;
      }
    }
    throw new IllegalArgumentException("no cause has label=" + label);
  }

  String label() {
    return label;
  }

  /** What pictures that are left out are counted as. */
  DropReason dropReason() {
    return dropReason;
  }
}
