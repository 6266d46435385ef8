package dev.flinkvideo.ingest.transport.webrtc.ice;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Builds one signed STUN message (RFC 8489), attribute by attribute. One thread. */
final class StunWriter {
  private static final int MAX_BYTES = 1024;
  private static final int XOR_MAPPED_ADDRESS = 0x0020;
  private static final int FINGERPRINT = 0x8028;
  private static final int FINGERPRINT_XOR = 0x5354554e;
  private static final int IPV4 = 1;
  private static final int IPV6 = 2;

  private final byte[] transactionId;
  private final ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);

  StunWriter(int type, byte[] transactionId) {
    this.transactionId = transactionId;
    out.putShort((short) type).putShort((short) 0).putInt(StunMessage.COOKIE).put(transactionId);
  }

  StunWriter attribute(int type, byte[] value) {
    out.putShort((short) type).putShort((short) value.length).put(value);
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
    return this;
  }

  StunWriter attribute(int type, String value) {
    return attribute(type, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Tells the peer where it is seen from. */
  StunWriter mappedAddress(InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    byte[] mask = ByteBuffer.allocate(16).putInt(StunMessage.COOKIE).put(transactionId).array();
    for (int i = 0; i < ip.length; i++) {
      ip[i] ^= mask[i];
    }
    ByteBuffer value = ByteBuffer.allocate(4 + ip.length);
    value.put((byte) 0).put((byte) (ip.length == 4 ? IPV4 : IPV6));
    value.putShort((short) (address.getPort() ^ StunMessage.COOKIE >>> 16)).put(ip);
    return attribute(XOR_MAPPED_ADDRESS, value.array());
  }

  /** The finished message. */
  byte[] sign(String password) {
    announce(4 + StunMessage.INTEGRITY_BYTES);
    attribute(StunMessage.MESSAGE_INTEGRITY, signature(password, out.array(), out.position()));
    announce(4 + Integer.BYTES);
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, out.position());
    int fingerprint = (int) crc.getValue() ^ FINGERPRINT_XOR;
    attribute(FINGERPRINT, ByteBuffer.allocate(4).putInt(fingerprint).array());
    return Arrays.copyOf(out.array(), out.position());
  }

  static byte[] signature(String password, byte[] bytes, int lengthBytes) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      mac.update(bytes, 0, lengthBytes);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }

  /** What is signed states its length as if what comes next were there. */
  private void announce(int moreBytes) {
    out.putShort(2, (short) (out.position() - StunMessage.HEADER_BYTES + moreBytes));
  }
}
