package dev.flinkvideo.protocol;

/**
 * Finds the NAL units of an H.264 or HEVC access unit, whether length-prefixed (ISO/IEC 14496-15)
 * or with Annex B start codes. Damaged input ends the walk early and never throws. Stateless; any
 * thread.
 */
public final class NalUnits {
  /** Told where each NAL unit lies, its header byte included. */
  @FunctionalInterface
  public interface Visitor {
    void nalUnit(int offset, int length);
  }

  /** {@link #lengthBytes} of a stream with start codes. */
  public static final int ANNEX_B = 0;

  private NalUnits() {}

  /**
   * Bytes of the length prefix as avcC (byte 4) or hvcC (byte 21) state it, or {@link #ANNEX_B}.
   */
  public static int lengthBytes(String codec, byte[] configuration) {
    int at = codec.equals("hevc") ? 21 : 4;
    boolean boxed = configuration.length > at && configuration[0] == 1;
    return boxed ? (configuration[at] & 3) + 1 : ANNEX_B;
  }

  public static void forEach(byte[] data, int lengthBytes, Visitor visitor) {
    if (lengthBytes == ANNEX_B) {
      forEachAnnexB(data, visitor);
      return;
    }
    int at = 0;
    while (at + lengthBytes < data.length) {
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = length << 8 | data[at + i] & 0xff;
      }
      at += lengthBytes;
      if (length > data.length - at) {
        return;
      }
      // No NAL unit contains a start code (H.264 7.4.1), yet some muxers put a last picture and the
      // end of sequence, start code between them, under one length.
      forEachSeparated(data, at, at + (int) length, visitor);
      at += (int) length;
    }
  }

  private static void forEachAnnexB(byte[] data, Visitor visitor) {
    int start = nextStartCode(data, 0, data.length);
    if (start < data.length) {
      forEachSeparated(data, start + 3, data.length, visitor);
    }
  }

  /** The NAL units from {@code begin} to {@code end} with start codes between them. */
  private static void forEachSeparated(byte[] data, int begin, int end, Visitor visitor) {
    int from = begin;
    while (from < end) {
      int next = nextStartCode(data, from, end);
      int last = next;
      // The zero byte of a four-byte start code and trailing zeros belong to no NAL unit (H.264
      // B.1).
      while (last > from && data[last - 1] == 0) {
        last--;
      }
      if (last > from) {
        visitor.nalUnit(from, last - from);
      }
      from = next + 3;
    }
  }

  /** Index of the next 00 00 01 at or after {@code from}, or {@code end}. */
  private static int nextStartCode(byte[] data, int from, int end) {
    for (int i = from; i + 2 < end; i++) {
      if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) {
        return i;
      }
    }
    return end;
  }
}
