package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import org.bouncycastle.tls.SRTPProtectionProfile;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;

/**
 * Opens the SRTP and SRTCP packets of a peer, each once, and seals the SRTCP packets for it. One
 * thread.
 */
public final class SrtpSession {
  static {
    // Otherwise the first packet waits some seconds for a benchmark of all ciphers there are.
    Aes.setFactoryClassName("SunJCE");
  }

  private static final Logger LOG = new LoggerImpl("srtp", Level.SEVERE);
  private static final int RTP_HEADER_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int RTP_SSRC_AT = 8;
  private static final int RTCP_SSRC_AT = 4;

  /** Sound, pictures and a retransmission stream each, with some to spare. */
  private static final int MAX_SOURCES = 16;

  private final SrtpContextFactory incoming;
  private final SrtpContextFactory outgoing;
  private final Map<Integer, SrtpCryptoContext> rtp = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> rtcp = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> sent = new HashMap<>();
  private long refused;

  SrtpSession(SrtpKeys keys) {
    SrtpPolicy policy = policy(keys.profile());
    incoming = new SrtpContextFactory(false, keys.peerKey(), keys.peerSalt(), policy, policy, LOG);
    outgoing = new SrtpContextFactory(true, keys.ownKey(), keys.ownSalt(), policy, policy, LOG);
  }

  /**
   * The RTP packet in {@code datagram}, which is overwritten.
   *
   * @return null if it is forged, repeated or malformed
   */
  public byte[] openRtp(byte[] datagram) {
    return counted(unprotectRtp(datagram));
  }

  /** Likewise, an RTCP packet. */
  public byte[] openRtcp(byte[] datagram) {
    return counted(unprotectRtcp(datagram));
  }

  /** An RTCP packet of ours as it goes out. */
  public byte[] sealRtcp(byte[] packet) {
    int source = int32(packet, RTCP_SSRC_AT);
    try {
      SrtcpCryptoContext context = sent.get(source);
      if (context == null) {
        context = outgoing.deriveControlContext(source);
        sent.put(source, context);
      }
      PacketBuffer buffer = new PacketBuffer(Arrays.copyOf(packet, packet.length));
      context.transformPacket(buffer);
      return buffer.bytes();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal an RTCP packet", e);
    }
  }

  /** Packets that were not opened, so far. */
  public long refused() {
    return refused;
  }

  private byte[] counted(byte[] opened) {
    refused += opened == null ? 1 : 0;
    return opened;
  }

  private byte[] unprotectRtp(byte[] datagram) {
    if (datagram.length < RTP_HEADER_BYTES) {
      return null;
    }
    int source = int32(datagram, RTP_SSRC_AT);
    try {
      SrtpCryptoContext context = rtp.get(source);
      boolean known = context != null;
      if (!known) {
        if (rtp.size() >= MAX_SOURCES) {
          return null;
        }
        context = incoming.deriveContext(source, 0);
      }
      PacketBuffer buffer = new PacketBuffer(datagram);
      if (context.reverseTransformPacket(buffer, /* skipDecryption= */ false)
          != SrtpErrorStatus.OK) {
        return null;
      }
      if (!known) {
        rtp.put(source, context); // a forged packet makes no source
      }
      return buffer.bytes();
    } catch (GeneralSecurityException | RuntimeException e) {
      return null; // jitsi-srtp meets some malformed headers with an index out of bounds
    }
  }

  private byte[] unprotectRtcp(byte[] datagram) {
    if (datagram.length < RTCP_HEADER_BYTES) {
      return null;
    }
    int source = int32(datagram, RTCP_SSRC_AT);
    try {
      SrtcpCryptoContext context = rtcp.get(source);
      boolean known = context != null;
      if (!known) {
        if (rtcp.size() >= MAX_SOURCES) {
          return null;
        }
        context = incoming.deriveControlContext(source);
      }
      PacketBuffer buffer = new PacketBuffer(datagram);
      if (context.reverseTransformPacket(buffer) != SrtpErrorStatus.OK) {
        return null;
      }
      if (!known) {
        rtcp.put(source, context);
      }
      return buffer.bytes();
    } catch (GeneralSecurityException | RuntimeException e) {
      return null;
    }
  }

  private static SrtpPolicy policy(int profile) {
    boolean gcm = profile == SRTPProtectionProfile.SRTP_AEAD_AES_128_GCM;
    int salt = SrtpKeys.saltBytes(profile);
    return gcm
        ? new SrtpPolicy(
            SrtpPolicy.AESGCM_ENCRYPTION,
            SrtpKeys.KEY_BYTES,
            SrtpPolicy.NULL_AUTHENTICATION,
            /* authKeyLength= */ 0,
            /* authTagLength= */ 16,
            salt)
        : new SrtpPolicy(
            SrtpPolicy.AESCM_ENCRYPTION,
            SrtpKeys.KEY_BYTES,
            SrtpPolicy.HMACSHA1_AUTHENTICATION,
            /* authKeyLength= */ 20,
            /* authTagLength= */ 10,
            salt);
  }

  private static int int32(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
