package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * What both roles of our handshakes have in common: DTLS 1.2, forward secrecy, the peer known by
 * its fingerprint, and the agreement on SRTP. Of one handshake; one thread.
 */
final class DtlsParameters {
  static final ProtocolVersion[] VERSIONS = ProtocolVersion.DTLSv12.only();

  static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
  };

  private final DtlsIdentity identity;
  private final Fingerprint peer;
  private final Duration patience;
  private final BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
  private int profile;
  private SrtpKeys keys;

  DtlsParameters(DtlsIdentity identity, Fingerprint peer, Duration patience) {
    this.identity = identity;
    this.peer = peer;
    this.patience = patience;
  }

  BcTlsCrypto crypto() {
    return crypto;
  }

  int patienceMillis() {
    return Math.max(1, (int) patience.toMillis());
  }

  /** What was agreed on, once the handshake is complete. */
  SrtpKeys keys() {
    return keys;
  }

  void complete(TlsContext context) {
    keys = SrtpKeys.export(context, profile);
  }

  TlsCredentialedSigner credentials(TlsContext context) {
    Certificate chain = new Certificate(new TlsCertificate[] {certificate(identity.certificate())});
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        identity.privateKey(),
        chain,
        new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  void checkPeer(Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty() || !peer.matches(chain.getCertificateAt(0).getEncoded())) {
      throw new TlsFatalAlert(
          AlertDescription.bad_certificate, "certificate is not that of the description");
    }
  }

  /** Raw, as Bouncy Castle has it. */
  void agreeOnSrtp(Hashtable<?, ?> extensions) throws IOException {
    UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(extensions);
    for (int ours : SrtpKeys.PROFILES) {
      if (offered != null
          && Arrays.stream(offered.getProtectionProfiles()).anyMatch(theirs -> theirs == ours)) {
        profile = ours;
        return;
      }
    }
    throw new TlsFatalAlert(AlertDescription.insufficient_security, "no SRTP profile in common");
  }

  int profile() {
    return profile;
  }

  private TlsCertificate certificate(byte[] encoded) {
    try {
      return crypto.createCertificate(encoded);
    } catch (IOException e) {
      throw new IllegalStateException("our own certificate cannot be read", e);
    }
  }
}
