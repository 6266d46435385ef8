package dev.flinkvideo.protocol;

/**
 * One encoded picture on its way from a transport to a segment.
 *
 * @param data the access unit as the stream carries it (length-prefixed or Annex B NAL units, or a
 *     frame); not copied
 * @param pts when it is shown, in units of the stream's time base, or {@link #NO_TIME}
 * @param dts when it is decoded, likewise
 * @param key decoding can start here
 * @param contentHash see {@link ContentHash}
 */
public record EncodedUnit(byte[] data, long pts, long dts, boolean key, long contentHash) {
  /**
   * A time stamp that the source did not give; the same value as FFmpeg's {@code AV_NOPTS_VALUE}.
   */
  public static final long NO_TIME = Long.MIN_VALUE;
}
