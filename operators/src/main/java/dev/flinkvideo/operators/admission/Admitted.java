package dev.flinkvideo.operators.admission;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.List;

/**
 * What admission hands the decoder, in the order of the log: what to decode, and what to know about
 * a session.
 */
public sealed interface Admitted {
  String session();

  /**
   * A segment to decode.
   *
   * @param restart it does not continue what was decoded before: it begins with a key frame
   * @param shown its leading access units that another connection brought before, as what: they are
   *     decoded for the sake of those after them
   */
  record Media(Segment segment, boolean restart, List<Shown> shown, long appendUs, long fetchUs)
      implements Admitted {
    @Override
    public String session() {
      return segment.getSession();
    }
  }

  /**
   * A self-contained container file to decode.
   *
   * @param sequence its offset in the log
   */
  record Container(
      String session, String contentType, long sequence, byte[] value, long appendUs, long fetchUs)
      implements Admitted {}

  /** Nothing came for the stall time: what the decoder holds back can be shown. */
  record Idle(String session) implements Admitted {}

  /** Nothing came for so long that the session can be forgotten. */
  record Forgotten(String session) implements Admitted {}

  /** An event of admission, passed through so that a session's events keep their order. */
  record Noted(Event event) implements Admitted {
    @Override
    public String session() {
      return event.session();
    }
  }
}
