package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.StreamFormat;

/**
 * Which access units of a session go to its decoder. Fewer takes effect at once; more takes effect
 * at once where only pictures that nobody refers to were left out, else at the next key frame. Task
 * thread only.
 */
final class PictureSelection {
  private Fidelity fidelity = Fidelity.ALL;
  private Fidelity fromNextKeyFrame = Fidelity.ALL;
  private DropReason leftOutAs = DropReason.LATE;

  /**
   * @param dropReason what access units that are left out are counted as
   */
  void choose(Fidelity to, DropReason dropReason) {
    fromNextKeyFrame = to;
    if (to != Fidelity.ALL) {
      leftOutAs = dropReason;
    }
    if (isFewer(to) || fidelity == Fidelity.REFERENCE) {
      fidelity = to;
    }
  }

  /** Whether this would leave out more than now. */
  boolean isFewer(Fidelity to) {
    return to.compareTo(fidelity) > 0;
  }

  /** Whether an access unit stays out of the decoder. */
  boolean leavesOut(SentUnit unit, StreamFormat format) {
    boolean key = unit.picture().key();
    if (key) {
      fidelity = fromNextKeyFrame;
    }
    return switch (fidelity) {
      case ALL -> false;
      case REFERENCE -> !key && !PictureHeader.of(format, unit.data()).reference();
      case KEY -> !key;
      case NONE -> true;
    };
  }

  Fidelity fidelity() {
    return fidelity;
  }

  DropReason leftOutAs() {
    return leftOutAs;
  }
}
