package dev.flinkvideo.operators.decode;

import java.nio.ByteBuffer;

/**
 * An access unit that was given to the decoder. Kept while decoding may have to start before it
 * again. Task thread only.
 */
final class SentUnit {
  private final EncodedPicture picture;
  private final ByteBuffer data;
  private final long dts;
  private boolean shown;
  private int reorderDelay;

  /**
   * @param data a view of the record it came in, never changed
   * @param dts in the stream's time base, or {@code EncodedUnit.NO_TIME}
   * @param shown its picture was judged already: it is decoded for the sake of those after it
   */
  SentUnit(EncodedPicture picture, ByteBuffer data, long dts, boolean shown) {
    this.picture = picture;
    this.data = data;
    this.dts = dts;
    this.shown = shown;
  }

  EncodedPicture picture() {
    return picture;
  }

  ByteBuffer data() {
    return data;
  }

  int bytes() {
    return data.remaining();
  }

  long dts() {
    return dts;
  }

  /** Pictures the decoder held back when it got this one, as far as it knew then. */
  int reorderDelay() {
    return reorderDelay;
  }

  void reorderDelay(int frames) {
    reorderDelay = frames;
  }

  boolean isShown() {
    return shown;
  }

  void markShown() {
    shown = true;
  }
}
