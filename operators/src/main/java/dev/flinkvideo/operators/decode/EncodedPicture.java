package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.Event;

/**
 * Where an access unit came from; kept until its picture comes out of the decoder, which may be
 * some access units later.
 *
 * @param frame which access unit of the segment it is, from 0
 * @param pts in the stream's time base, or {@code EncodedUnit.NO_TIME}
 * @param arrivalUs 0 where the producer did not stamp it
 */
record EncodedPicture(
    String source,
    long epoch,
    long openedAtMs,
    long sequence,
    int frame,
    boolean key,
    long pts,
    long arrivalUs,
    long appendUs,
    long fetchUs,
    long decodeStartUs) {

  /** When it came, as the log says: the same in every run. */
  long loggedUs() {
    return arrivalUs > 0 ? arrivalUs : appendUs;
  }

  /** Says in an event that it happened here. */
  Event.Builder place(Event.Builder event) {
    return event.at(source, epoch, openedAtMs, sequence);
  }
}
