package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key and a certificate that it signed itself, made anew with each process: peers know it by its
 * fingerprint, which they are told over HTTP. Immutable.
 */
public final class DtlsIdentity {
  private static final X500Name NAME = new X500Name("CN=flink-video");
  private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);
  private static final Duration VALIDITY = Duration.ofDays(365);

  private final byte[] certificate;
  private final AsymmetricKeyParameter privateKey;

  private DtlsIdentity(byte[] certificate, AsymmetricKeyParameter privateKey) {
    this.certificate = certificate;
    this.privateKey = privateKey;
  }

  public static DtlsIdentity create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      return new DtlsIdentity(
          sign(keys), PrivateKeyFactory.createKey(keys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("cannot make a certificate for DTLS", e);
    }
  }

  public Fingerprint fingerprint() {
    return Fingerprint.of("sha-256", certificate);
  }

  byte[] certificate() {
    return certificate;
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }

  private static byte[] sign(KeyPair keys) throws OperatorCreationException, IOException {
    Instant now = Instant.now();
    return new X509v3CertificateBuilder(
            NAME,
            new BigInteger(63, new SecureRandom()),
            Date.from(now.minus(CLOCK_TOLERANCE)),
            Date.from(now.plus(VALIDITY)),
            NAME,
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()))
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
        .getEncoded();
  }
}
