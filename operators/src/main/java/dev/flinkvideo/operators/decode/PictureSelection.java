package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Which access units of a session go to its decoder. Fewer takes effect at once; more takes effect
 * at once where only pictures that nobody refers to were left out, else at the next key frame. Task
 * thread only.
 */
final class PictureSelection {
  private Fidelity fidelity = Fidelity.ALL;
  private Fidelity fromNextKeyFrame = Fidelity.ALL;
  private FidelityCause cause = FidelityCause.LAG;

  void choose(Fidelity to, FidelityCause why) {
    fromNextKeyFrame = to;
    if (to != Fidelity.ALL) {
      cause = why;
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

  /** What was chosen last; it may wait for a key frame. */
  Fidelity chosen() {
    return fromNextKeyFrame;
  }

  /** Why access units are left out. */
  FidelityCause cause() {
    return cause;
  }

  DropReason leftOutAs() {
    return cause.dropReason();
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(fidelity.label());
    out.writeUTF(fromNextKeyFrame.label());
    out.writeUTF(cause.label());
  }

  /** Takes up where another stood; before the first access unit. */
  void read(DataInput in) throws IOException {
    fidelity = Fidelity.ofLabel(in.readUTF());
    fromNextKeyFrame = Fidelity.ofLabel(in.readUTF());
    cause = FidelityCause.ofLabel(in.readUTF());
  }
}
