package dev.flinkvideo.protocol;

import java.nio.ByteBuffer;

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

  /** Told the same until it has seen enough. */
  @FunctionalInterface
  public interface Search {
    /** False ends the walk. */
    boolean goOnAfter(int offset, int length);
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
    search(
        ByteBuffer.wrap(data),
        lengthBytes,
        (offset, length) -> {
          visitor.nalUnit(offset, length);
          return true;
        });
  }

  /**
   * @param data from position to limit; offsets are indices of the buffer, which stays as it is
   */
  public static void search(ByteBuffer data, int lengthBytes, Search search) {
    if (lengthBytes == ANNEX_B) {
      int start = nextStartCode(data, data.position(), data.limit());
      if (start < data.limit()) {
        separated(data, start + 3, data.limit(), search);
      }
      return;
    }
    int end = data.limit();
    int at = data.position();
    boolean goOn = true;
    while (goOn && at + lengthBytes < end) {
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = length << 8 | data.get(at + i) & 0xff;
      }
      at += lengthBytes;
      if (length > end - at) {
        return;
      }
      // No NAL unit contains a start code (H.264 7.4.1), yet some muxers put a last picture and the
      // end of sequence, start code between them, under one length.
      goOn = separated(data, at, at + (int) length, search);
      at += (int) length;
    }
  }

  /** The NAL units from {@code begin} to {@code end} with start codes between them. */
  private static boolean separated(ByteBuffer data, int begin, int end, Search search) {
    int from = begin;
    while (from < end) {
      int next = nextStartCode(data, from, end);
      int last = next;
      // The zero byte of a four-byte start code and trailing zeros belong to no NAL unit (H.264
      // B.1).
      while (last > from && data.get(last - 1) == 0) {
        last--;
      }
      if (last > from && !search.goOnAfter(from, last - from)) {
        return false;
      }
      from = next + 3;
    }
    return true;
  }

  /** Index of the next 00 00 01 at or after {@code from}, or {@code end}. */
  private static int nextStartCode(ByteBuffer data, int from, int end) {
    int i = from;
    while (i + 2 < end) {
      byte third = data.get(i + 2);
      if (third == 0) {
        i++;
      } else if (third == 1 && data.get(i) == 0 && data.get(i + 1) == 0) {
        return i;
      } else {
        i += 3; // no start code begins with a byte that is not 0
      }
    }
    return end;
  }
}
