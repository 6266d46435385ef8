package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.frame.Frame;

/**
 * A picture and what the decoder knows about it. Whoever receives it closes it before receiving the
 * next.
 *
 * @param pts FFmpeg's best-effort time stamp in units of the stream's time base, or {@code
 *     EncodedUnit.NO_TIME}
 * @param durationTicks how long it is shown, in the same units; 0 if unknown
 * @param tag the tag of the access unit it was decoded from
 * @param key it is a key frame
 * @param damaged the decoder concealed missing or broken parts of it
 */
public record DecodedFrame(
    Frame frame, long pts, long durationTicks, long tag, boolean key, boolean damaged)
    implements AutoCloseable {
  @Override
  public void close() {
    frame.close();
  }
}
