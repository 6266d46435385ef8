package dev.flinkvideo.operators.admission;

import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.wire.Segment;

/**
 * Decides about one segment: {@code (state, segment) -> (state, verdict)}. Pure: no clock, no log,
 * no Flink, so that the same log admits the same segments in every run.
 *
 * <pre>
 *   older connection ............................. drop, stale-connection
 *   newer connection, no key frame ............... drop, waiting-for-key-frame; the current one goes on
 *   newer connection, key frame .................. admit, it is the current one from here on
 *   same connection, sequence seen ............... drop, duplicate
 *   same connection, sequence skipped ............ wait for a key frame
 *   same connection, waiting, no key frame ....... drop, waiting-for-key-frame
 *   same connection .............................. admit
 * </pre>
 */
final class Admission {
  /**
   * More segments missing than a day has: a sequence number that lies. Believed, it would make
   * duplicates of all that follow it.
   */
  static final long MAX_MISSING = 1_000_000;

  /**
   * @param drop why it is not decoded, or null if it is
   * @param missing segments skipped before it
   * @param connectionChanged it is the first of a connection
   * @param restart it does not continue what was admitted before
   */
  record Verdict(
      AdmissionState state,
      DropReason drop,
      long missing,
      boolean connectionChanged,
      boolean restart) {}

  private Admission() {}

  static Verdict decide(AdmissionState state, Segment segment) {
    int order = compareConnection(segment, state);
    if (order < 0) {
      return drop(state, DropReason.STALE_CONNECTION, 0);
    }
    if (order > 0) {
      return newerConnection(state, segment);
    }
    if (segment.getSequence() <= state.lastSequence()) {
      return drop(state, DropReason.DUPLICATE, 0);
    }
    long missing = segment.getSequence() - state.lastSequence() - 1;
    boolean waiting = state.waitingForKeyFrame() || missing > 0;
    if (waiting && !beginsWithKeyFrame(segment)) {
      AdmissionState next = state.seen(segment.getSequence(), true);
      return drop(next, DropReason.WAITING_FOR_KEY_FRAME, missing);
    }
    AdmissionState next = state.seen(segment.getSequence(), false);
    return new Verdict(next, null, missing, false, waiting);
  }

  private static Verdict newerConnection(AdmissionState state, Segment segment) {
    if (!beginsWithKeyFrame(segment)) {
      return drop(state, DropReason.WAITING_FOR_KEY_FRAME, 0);
    }
    AdmissionState next =
        state.connection(
            segment.getSource(),
            segment.getEpoch(),
            segment.getOpenedAtMs(),
            segment.getSequence());
    return new Verdict(next, null, 0, true, true);
  }

  private static Verdict drop(AdmissionState state, DropReason reason, long missing) {
    return new Verdict(state, reason, missing, false, false);
  }

  private static int compareConnection(Segment segment, AdmissionState state) {
    int byEpoch = Long.compare(segment.getEpoch(), state.epoch());
    return byEpoch != 0 ? byEpoch : Long.compare(segment.getOpenedAtMs(), state.openedAtMs());
  }

  private static boolean beginsWithKeyFrame(Segment segment) {
    return segment.getAccessUnits(0).getKey() && segment.getPart() == 0;
  }
}
