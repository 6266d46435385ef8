package dev.flinkvideo.operators.timeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the sources of a session say about when their pictures were taken: capture time minus time
 * by the source, of the connection shown now and of the one that begins. Belongs to one {@link
 * SessionTime}.
 */
final class CaptureClocks {
  private Long currentNs;
  private Long nextNs;

  /**
   * @param offsetNs capture time minus time by the source; ignored if no clock shows it
   * @param ofNext of a new connection that shows no picture yet
   */
  void set(long offsetNs, boolean ofNext) {
    if (Math.abs(offsetNs / 2) > Long.MAX_VALUE / 4) {
      return; // so that differences fit
    }
    if (ofNext) {
      nextNs = offsetNs;
    } else {
      currentNs = offsetNs;
    }
  }

  /**
   * How much more the next source's clock is behind capture time than that of the current one; null
   * if one of them does not say.
   */
  ExactNs shift() {
    return currentNs == null || nextNs == null ? null : ExactNs.ofNs(nextNs - currentNs);
  }

  void nextBegins() {
    nextNs = null;
  }

  void nextIsCurrent() {
    currentNs = nextNs;
    nextNs = null;
  }

  /**
   * @param ofNext of a new connection that shows no picture yet
   */
  void forget(boolean ofNext) {
    if (ofNext) {
      nextNs = null;
    } else {
      currentNs = null;
    }
  }

  /** The current source's clock jumped. */
  void forgetCurrent() {
    currentNs = null;
  }

  void write(DataOutput out) throws IOException {
    write(currentNs, out);
    write(nextNs, out);
  }

  static CaptureClocks read(DataInput in) throws IOException {
    CaptureClocks clocks = new CaptureClocks();
    clocks.currentNs = readOptional(in);
    clocks.nextNs = readOptional(in);
    return clocks;
  }

  private static void write(Long value, DataOutput out) throws IOException {
    out.writeBoolean(value != null);
    out.writeLong(value == null ? 0 : value);
  }

  private static Long readOptional(DataInput in) throws IOException {
    boolean present = in.readBoolean();
    long value = in.readLong();
    return present ? value : null;
  }
}
