package dev.flinkvideo.ingest.transport.webrtc.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The RTCP packets that a receiver of one stream sends. Stateless; any thread. */
public final class Feedback {
  /** Ours; nothing that we send needs to be told apart. */
  static final int OWN_SOURCE = 0x0f11_0f11;

  private static final int RECEIVER_REPORT = 201;
  private static final int SOURCE_DESCRIPTION = 202;
  private static final int TRANSPORT_FEEDBACK = 205;
  private static final int PAYLOAD_FEEDBACK = 206;
  private static final int GENERIC_NACK = 1;
  private static final int PICTURE_LOSS = 1;
  private static final int APPLICATION_LAYER = 15;
  private static final int CNAME = 1;
  private static final byte[] NAME = "flink-video".getBytes(StandardCharsets.US_ASCII);

  /** A packet that is asked for, and a bit for each of the 16 behind it. */
  private static final int NACK_SPAN = 16;

  /** So that the packet stays under what any path carries. */
  private static final int MAX_NACK_ENTRIES = 200;

  private static final int MAX_CUMULATIVE_LOSS = 0x7f_ffff;

  private Feedback() {}

  /**
   * What a stream looks like from here.
   *
   * @param lostFraction in 1/256, since the report before
   * @param highest number of the last packet
   * @param jitter in ticks of the stream's clock
   * @param lastReport the middle 32 bits of the NTP time in the last sender report, or 0
   * @param sinceReport since that came, in 1/65536 s
   */
  public record Reception(
      int source,
      int lostFraction,
      long lost,
      long highest,
      long jitter,
      int lastReport,
      int sinceReport) {}

  /** RFC 3550 6.4.2, with the description that a compound packet must have. */
  public static byte[] receiverReport(Reception reception) {
    int namePadding = 4 - (2 + NAME.length) % 4; // at least one zero ends the list
    ByteBuffer out = ByteBuffer.allocate(8 + 24 + 8 + 2 + NAME.length + namePadding);
    header(out, 1, RECEIVER_REPORT, 8 + 24).putInt(OWN_SOURCE).putInt(reception.source());
    int lost = (int) Math.min(MAX_CUMULATIVE_LOSS, reception.lost());
    out.putInt(reception.lostFraction() << 24 | lost);
    out.putInt((int) reception.highest()).putInt((int) reception.jitter());
    out.putInt(reception.lastReport()).putInt(reception.sinceReport());
    header(out, 1, SOURCE_DESCRIPTION, out.remaining()).putInt(OWN_SOURCE);
    out.put((byte) CNAME).put((byte) NAME.length).put(NAME);
    return out.array();
  }

  /**
   * Asks for packets again (RFC 4585 6.2.1).
   *
   * @param numbers ascending
   */
  public static byte[] nack(int source, List<Long> numbers) {
    ByteBuffer entries = ByteBuffer.allocate(4 * MAX_NACK_ENTRIES);
    int at = 0;
    while (at < numbers.size() && entries.hasRemaining()) {
      long first = numbers.get(at++);
      int behind = 0;
      while (at < numbers.size() && numbers.get(at) - first <= NACK_SPAN) {
        behind |= 1 << (int) (numbers.get(at++) - first - 1);
      }
      entries.putShort((short) first).putShort((short) behind);
    }
    byte[] listed = Arrays.copyOf(entries.array(), entries.position());
    return header(12 + listed.length, GENERIC_NACK, TRANSPORT_FEEDBACK)
        .putInt(OWN_SOURCE)
        .putInt(source)
        .put(listed)
        .array();
  }

  /** Asks for a key frame (RFC 4585 6.3.1). */
  public static byte[] pictureLoss(int source) {
    return header(12, PICTURE_LOSS, PAYLOAD_FEEDBACK).putInt(OWN_SOURCE).putInt(source).array();
  }

  /** Says how much we would take (draft-alvestrand-rmcat-remb): browsers begin at 300 kbit/s. */
  public static byte[] maximumBitrate(int source, long bitsPerSecond) {
    int exponent = Math.max(0, 64 - Long.numberOfLeadingZeros(bitsPerSecond) - 18);
    int mantissa = (int) (bitsPerSecond >> exponent);
    return header(24, APPLICATION_LAYER, PAYLOAD_FEEDBACK)
        .putInt(OWN_SOURCE)
        .putInt(0)
        .put("REMB".getBytes(StandardCharsets.US_ASCII))
        .putInt(1 << 24 | exponent << 18 | mantissa)
        .putInt(source)
        .array();
  }

  private static ByteBuffer header(int lengthBytes, int format, int type) {
    return header(ByteBuffer.allocate(lengthBytes), format, type, lengthBytes);
  }

  private static ByteBuffer header(ByteBuffer out, int format, int type, int lengthBytes) {
    return out.put((byte) (0x80 | format)).put((byte) type).putShort((short) (lengthBytes / 4 - 1));
  }
}
