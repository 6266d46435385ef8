package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.util.Arrays;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.SRTPProtectionProfile;
import org.bouncycastle.tls.TlsContext;

/**
 * What the two sides of a connection agreed on (RFC 5764). Secrets: never printed.
 *
 * @param profile one of {@link #PROFILES}
 */
record SrtpKeys(int profile, byte[] ownKey, byte[] ownSalt, byte[] peerKey, byte[] peerSalt) {

  /** What we take, the best first. */
  static final int[] PROFILES = {
    SRTPProtectionProfile.SRTP_AEAD_AES_128_GCM, SRTPProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80
  };

  static final int KEY_BYTES = 16;

  static int saltBytes(int profile) {
    return profile == SRTPProtectionProfile.SRTP_AEAD_AES_128_GCM ? 12 : 14;
  }

  /** RFC 5764 4.2: key of the client, of the server, salt of the client, of the server. */
  static SrtpKeys export(TlsContext context, int profile) {
    int salt = saltBytes(profile);
    byte[] material =
        context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (KEY_BYTES + salt));
    byte[] clientKey = Arrays.copyOfRange(material, 0, KEY_BYTES);
    byte[] serverKey = Arrays.copyOfRange(material, KEY_BYTES, 2 * KEY_BYTES);
    int salts = 2 * KEY_BYTES;
    byte[] clientSalt = Arrays.copyOfRange(material, salts, salts + salt);
    byte[] serverSalt = Arrays.copyOfRange(material, salts + salt, salts + 2 * salt);
    return context.isServer()
        ? new SrtpKeys(profile, serverKey, serverSalt, clientKey, clientSalt)
        : new SrtpKeys(profile, clientKey, clientSalt, serverKey, serverSalt);
  }

  @Override
  public String toString() {
    return "profile=" + profile;
  }
}
