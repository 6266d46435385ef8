package dev.flinkvideo.ingest.kafka;

import dev.flinkvideo.protocol.wire.Segment;

/**
 * A segment on its way to Kafka.
 *
 * @param listener is told what becomes of it
 */
public record PendingSegment(Segment segment, Listener listener) {
  /** Told in a thread of Kafka's client, or of whoever caused a drop; must not block. */
  public interface Listener {
    /** It is on the log. */
    void delivered(Segment segment);

    /** It will not be: Kafka was away for too long, or refused it. */
    void dropped(Segment segment);
  }

  /** The segments of one turn of one connection, which are dropped from key frame to key frame. */
  record Stream(String session, String source, long epoch, long openedAtMs) {}

  Stream stream() {
    return new Stream(
        segment.getSession(), segment.getSource(), segment.getEpoch(), segment.getOpenedAtMs());
  }

  boolean beginsGroup() {
    return segment.getPart() == 0 && segment.getAccessUnits(0).getKey();
  }

  int bytes() {
    return segment.getPayload().size();
  }
}
