package dev.flinkvideo.ingest.transport.webrtc.rtp;

import java.nio.ByteBuffer;

/** Reads what a sender tells in a compound RTCP packet (RFC 3550 6). Stateless; any thread. */
public final class RtcpReader {
  /** Told what is of interest. */
  public interface Visitor {
    /** A sender report: {@code ntp} and {@code timestamp} are the same moment. */
    void senderReport(int source, long ntp, int timestamp);

    /** {@code source} says that it is over. */
    void goodbye(int source);
  }

  private static final int SENDER_REPORT = 200;
  private static final int GOODBYE = 203;
  private static final int HEADER_BYTES = 4;
  private static final int SENDER_REPORT_BYTES = 28;

  private RtcpReader() {}

  /** Second bytes that RTCP takes from RTP's payload types (RFC 5761 4). */
  public static boolean isRtcp(byte[] datagram) {
    int type = datagram.length < 2 ? 0 : datagram[1] & 0xff;
    return type >= 192 && type <= 223;
  }

  /** Ends at what is malformed. */
  public static void read(byte[] packet, Visitor visitor) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    int at = 0;
    while (at + HEADER_BYTES <= packet.length) {
      int type = packet[at + 1] & 0xff;
      int lengthBytes = 4 * (Short.toUnsignedInt(in.getShort(at + 2)) + 1);
      if (lengthBytes > packet.length - at) {
        return;
      }
      if (type == SENDER_REPORT && lengthBytes >= SENDER_REPORT_BYTES) {
        visitor.senderReport(in.getInt(at + 4), in.getLong(at + 8), in.getInt(at + 16));
      } else if (type == GOODBYE) {
        int sources = Math.min(packet[at] & 0x1f, lengthBytes / 4 - 1);
        for (int i = 1; i <= sources; i++) {
          visitor.goodbye(in.getInt(at + 4 * i));
        }
      }
      at += lengthBytes;
    }
  }
}
