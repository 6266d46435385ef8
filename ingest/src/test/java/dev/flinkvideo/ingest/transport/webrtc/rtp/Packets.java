package dev.flinkvideo.ingest.transport.webrtc.rtp;

import java.nio.ByteBuffer;

/** Makes RTP packets. Stateless. */
public final class Packets {
  public static final int SOURCE = 0x1234;
  public static final int TYPE = 96;

  private Packets() {}

  public static byte[] bytes(
      int type, int sequence, int timestamp, boolean marker, int... payload) {
    ByteBuffer out = ByteBuffer.allocate(12 + payload.length);
    out.put((byte) 0x80).put((byte) (type | (marker ? 0x80 : 0)));
    out.putShort((short) sequence).putInt(timestamp).putInt(SOURCE);
    for (int value : payload) {
      out.put((byte) value);
    }
    return out.array();
  }

  public static RtpPacket packet(int sequence, int timestamp, boolean marker, int... payload) {
    return RtpPacket.parse(bytes(TYPE, sequence, timestamp, marker, payload)).orElseThrow();
  }
}
