package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.operators.state.UnreadableStateException;

/**
 * What admission remembers of a session; kept in keyed state as bytes, versioned by hand.
 *
 * @param source of the connection being decoded
 * @param epoch with {@code openedAtMs} which connection is decoded; -1 before the first
 * @param lastSequence the newest of its segments that was seen
 * @param waitingForKeyFrame something is missing: nothing is admitted before the next key frame
 * @param stalled no segment came for the stall time
 * @param deadlineMs when the session has stalled, or, once it has, when it is forgotten; processing
 *     time
 * @param newestAppendUs when the newest segment that moved the deadline was appended to the log; 0
 *     if not known
 * @param timerMs when the one timer of the session fires; it is a wake-up, the deadline is what
 *     counts
 * @param recent how far what is remembered of its access units goes
 */
record AdmissionState(
    String source,
    long epoch,
    long openedAtMs,
    long lastSequence,
    boolean waitingForKeyFrame,
    boolean stalled,
    long deadlineMs,
    long newestAppendUs,
    long timerMs,
    RecentUnits.Tracking recent) {

  static final AdmissionState NEW =
      new AdmissionState("", -1, -1, -1, true, true, 0, 0, 0, RecentUnits.Tracking.NONE);

  private static final StateFormat FORMAT = new StateFormat("admission state", 3);

  boolean isNew() {
    return epoch < 0;
  }

  byte[] write() {
    return FORMAT.write(
        64,
        out -> {
          out.writeUTF(source);
          out.writeLong(epoch);
          out.writeLong(openedAtMs);
          out.writeLong(lastSequence);
          out.writeBoolean(waitingForKeyFrame);
          out.writeBoolean(stalled);
          out.writeLong(deadlineMs);
          out.writeLong(newestAppendUs);
          out.writeLong(timerMs);
          out.writeBoolean(recent.overlapping());
          out.writeInt(recent.groupUnits());
        });
  }

  /**
   * @throws UnreadableStateException if another version wrote it, or it is damaged
   */
  static AdmissionState read(byte[] bytes) {
    return FORMAT.read(
        bytes,
        (in, version) ->
            new AdmissionState(
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong(),
                version < 3 ? 0 : in.readLong(),
                in.readLong(),
                version < 2
                    ? RecentUnits.Tracking.NONE
                    : new RecentUnits.Tracking(in.readBoolean(), in.readInt())));
  }

  AdmissionState connection(String newSource, long newEpoch, long newOpenedAtMs, long sequence) {
    return new AdmissionState(
        newSource,
        newEpoch,
        newOpenedAtMs,
        sequence,
        false,
        stalled,
        deadlineMs,
        newestAppendUs,
        timerMs,
        recent);
  }

  AdmissionState seen(long sequence, boolean waiting) {
    return new AdmissionState(
        source,
        epoch,
        openedAtMs,
        sequence,
        waiting,
        stalled,
        deadlineMs,
        newestAppendUs,
        timerMs,
        recent);
  }

  AdmissionState deadline(boolean nowStalled, long newDeadlineMs, long newTimerMs) {
    return new AdmissionState(
        source,
        epoch,
        openedAtMs,
        lastSequence,
        waitingForKeyFrame,
        nowStalled,
        newDeadlineMs,
        newestAppendUs,
        newTimerMs,
        recent);
  }

  AdmissionState appended(long appendUs) {
    return new AdmissionState(
        source,
        epoch,
        openedAtMs,
        lastSequence,
        waitingForKeyFrame,
        stalled,
        deadlineMs,
        Math.max(newestAppendUs, appendUs),
        timerMs,
        recent);
  }

  /** The log has nothing of the session for so long before a record that was appended then. */
  long silentUs(long appendUs) {
    return newestAppendUs == 0 ? 0 : appendUs - newestAppendUs;
  }

  AdmissionState recent(RecentUnits.Tracking newRecent) {
    return new AdmissionState(
        source,
        epoch,
        openedAtMs,
        lastSequence,
        waitingForKeyFrame,
        stalled,
        deadlineMs,
        newestAppendUs,
        timerMs,
        newRecent);
  }
}
