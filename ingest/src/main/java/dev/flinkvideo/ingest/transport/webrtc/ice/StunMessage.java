package dev.flinkvideo.ingest.transport.webrtc.ice;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * A STUN message that came in (RFC 8489), as far as ICE needs it: who sends it, whether it is
 * signed, whether it nominates. Immutable.
 */
public final class StunMessage {
  public static final int BINDING_REQUEST = 0x0001;
  public static final int BINDING_SUCCESS = 0x0101;

  static final int COOKIE = 0x2112A442;
  static final int HEADER_BYTES = 20;
  static final int TRANSACTION_ID_BYTES = 12;
  static final int INTEGRITY_BYTES = 20;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int USE_CANDIDATE = 0x0025;

  private static final int LENGTH_AT = 2;
  private static final int COOKIE_AT = 4;
  private static final int ATTRIBUTE_HEADER_BYTES = 4;

  private final byte[] bytes;
  private String userName = "";
  private boolean nominates;
  private int integrityAt = -1;

  private StunMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  /** RFC 7983: what the first byte leaves open the cookie decides. */
  public static boolean looksLike(byte[] datagram) {
    return datagram.length >= HEADER_BYTES
        && datagram[0] >= 0
        && datagram[0] <= 3
        && ByteBuffer.wrap(datagram).getInt(COOKIE_AT) == COOKIE;
  }

  /**
   * @return empty if it is malformed
   */
  public static Optional<StunMessage> parse(byte[] datagram) {
    if (!looksLike(datagram)) {
      return Optional.empty();
    }
    int lengthBytes = Short.toUnsignedInt(ByteBuffer.wrap(datagram).getShort(LENGTH_AT));
    if (lengthBytes != datagram.length - HEADER_BYTES || lengthBytes % 4 != 0) {
      return Optional.empty();
    }
    StunMessage message = new StunMessage(datagram);
    return message.readAttributes() ? Optional.of(message) : Optional.empty();
  }

  public int type() {
    return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(0));
  }

  byte[] transactionId() {
    int from = COOKIE_AT + Integer.BYTES;
    return Arrays.copyOfRange(bytes, from, from + TRANSACTION_ID_BYTES);
  }

  /** Name of the receiver, a colon, name of the sender; empty if it has none. */
  public String userName() {
    return userName;
  }

  public boolean nominates() {
    return nominates;
  }

  /** Takes as long for every wrong signature. */
  public boolean isSignedWith(String password) {
    if (integrityAt < 0) {
      return false;
    }
    byte[] signed = Arrays.copyOf(bytes, integrityAt);
    int lengthBytes = integrityAt - HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES;
    ByteBuffer.wrap(signed).putShort(LENGTH_AT, (short) lengthBytes);
    int from = integrityAt + ATTRIBUTE_HEADER_BYTES;
    return MessageDigest.isEqual(
        StunWriter.signature(password, signed, signed.length),
        Arrays.copyOfRange(bytes, from, from + INTEGRITY_BYTES));
  }

  /** Nothing that follows the signature is believed. */
  private boolean readAttributes() {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(HEADER_BYTES);
    while (in.hasRemaining() && integrityAt < 0) {
      int at = in.position();
      int type = Short.toUnsignedInt(in.getShort());
      int lengthBytes = Short.toUnsignedInt(in.getShort());
      int paddedBytes = (lengthBytes + 3) / 4 * 4;
      if (paddedBytes > in.remaining()) {
        return false;
      }
      if (type == USERNAME) {
        userName = new String(bytes, in.position(), lengthBytes, StandardCharsets.UTF_8);
      } else if (type == USE_CANDIDATE) {
        nominates = true;
      } else if (type == MESSAGE_INTEGRITY) {
        if (lengthBytes != INTEGRITY_BYTES) {
          return false;
        }
        integrityAt = at;
      }
      in.position(in.position() + paddedBytes);
    }
    return true;
  }
}
