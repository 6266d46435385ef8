package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.metrics.Clock;
import dev.flinkvideo.operators.metrics.Drops;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.Observation;
import java.util.Set;

/** What the decode operator gives each of its sessions. Task thread only. */
interface DecodeContext {
  PictureJudge newJudge();

  FramePool pool();

  Set<String> codecs();

  /** Length of one observation, or 0 for one per picture. */
  long intervalNs();

  boolean pictureMd5();

  long maxTimeJumpNs();

  PictureDigest digest();

  Clock clock();

  Drops drops();

  DecodeMetrics metrics();

  PrefixBudget prefixBudget();

  /** The pool could not carry this session's decoder beside the others. */
  void overBudget(String session, String message);

  /** Closes the decoder of another session; false if none can be closed now. */
  boolean makeRoomFor(String session);

  void emit(Observation observation);

  void emit(Event.Builder event);
}
