package dev.flinkvideo.ingest.transport.webrtc.rtp;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An RTP packet (RFC 3550 5.1). The bytes are not copied.
 *
 * @param timestamp 32 bits, wraps
 * @param source SSRC
 * @param extensionAt where the data of the header extension begins, and {@code extensionEnd} where
 *     it ends; equal if there is none
 * @param payloadAt where the payload begins, and {@code payloadEnd} where it ends, padding excluded
 */
public record RtpPacket(
    byte[] bytes,
    int payloadType,
    boolean marker,
    int sequence,
    int timestamp,
    int source,
    int extensionProfile,
    int extensionAt,
    int extensionEnd,
    int payloadAt,
    int payloadEnd) {
  private static final int HEADER_BYTES = 12;
  private static final int VERSION = 2;
  private static final int ONE_BYTE_EXTENSIONS = 0xBEDE;
  private static final int TWO_BYTE_EXTENSIONS = 0x1000;

  /**
   * @return empty if it is malformed
   */
  public static Optional<RtpPacket> parse(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || (bytes[0] & 0xff) >> 6 != VERSION) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int extensionAt = HEADER_BYTES + 4 * (bytes[0] & 0x0f);
    int extensionEnd = extensionAt;
    int profile = 0;
    if ((bytes[0] & 0x10) != 0) {
      if (bytes.length < extensionAt + 4) {
        return Optional.empty();
      }
      profile = Short.toUnsignedInt(in.getShort(extensionAt));
      int words = Short.toUnsignedInt(in.getShort(extensionAt + 2));
      extensionAt += 4;
      extensionEnd = extensionAt + 4 * words;
    }
    boolean padded = (bytes[0] & 0x20) != 0;
    int paddingBytes = padded ? bytes[bytes.length - 1] & 0xff : 0;
    int payloadEnd = bytes.length - paddingBytes;
    if (payloadEnd < extensionEnd) {
      return Optional.empty();
    }
    return Optional.of(
        new RtpPacket(
            bytes,
            bytes[1] & 0x7f,
            bytes[1] < 0,
            Short.toUnsignedInt(in.getShort(2)),
            in.getInt(4),
            in.getInt(8),
            profile,
            extensionAt,
            extensionEnd,
            extensionEnd,
            payloadEnd));
  }

  public int payloadBytes() {
    return payloadEnd - payloadAt;
  }

  /**
   * The packet that this one repeats (RFC 4588 4): its sequence number stands before its payload.
   *
   * @return empty if this is only a probe of the path, which repeats nothing
   */
  Optional<RtpPacket> repeated(int originalPayloadType, int originalSource) {
    if (payloadBytes() <= 2) {
      return Optional.empty();
    }
    int original = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(payloadAt));
    return Optional.of(
        new RtpPacket(
            bytes,
            originalPayloadType,
            marker,
            original,
            timestamp,
            originalSource,
            extensionProfile,
            extensionAt,
            extensionEnd,
            payloadAt + 2,
            payloadEnd));
  }

  /**
   * A 64-bit header extension (RFC 8285).
   *
   * @return empty if the packet does not carry it
   */
  public Optional<Long> extension64(int id) {
    boolean oneByte = extensionProfile == ONE_BYTE_EXTENSIONS;
    if (!oneByte && (extensionProfile & 0xfff0) != TWO_BYTE_EXTENSIONS) {
      return Optional.empty();
    }
    int at = extensionAt;
    while (at + 1 < extensionEnd) {
      int first = bytes[at] & 0xff;
      if (first == 0) { // padding
        at++;
        continue;
      }
      int found = oneByte ? first >> 4 : first;
      int lengthBytes = oneByte ? (first & 0x0f) + 1 : bytes[at + 1] & 0xff;
      at += oneByte ? 1 : 2;
      if (found == id && lengthBytes >= Long.BYTES && at + Long.BYTES <= extensionEnd) {
        return Optional.of(ByteBuffer.wrap(bytes).getLong(at));
      }
      at += lengthBytes;
    }
    return Optional.empty();
  }
}
