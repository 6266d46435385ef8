package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.DropReason;

/** Why fewer pictures of a session are decoded. */
enum FidelityCause {
  /** The subtask is behind the end of the log. */
  LAG(DropReason.LATE),
  /** The session is so far behind that it skips to the newest key frame. */
  JUMP(DropReason.LATE),
  /** The frame pool cannot carry its decoder beside the others. */
  BUDGET(DropReason.OVER_BUDGET);

  private final DropReason dropReason;

  FidelityCause(DropReason dropReason) {
    this.dropReason = dropReason;
  }

  /** What pictures that are left out are counted as. */
  DropReason dropReason() {
    return dropReason;
  }
}
