package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;

/** Our answers when the peer begins the handshake. Of one handshake; called by Bouncy Castle. */
final class DtlsServer extends DefaultTlsServer {
  private final DtlsParameters parameters;

  DtlsServer(DtlsParameters parameters) {
    super(parameters.crypto());
    this.parameters = parameters;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return DtlsParameters.VERSIONS;
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return DtlsParameters.CIPHER_SUITES;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return parameters.patienceMillis();
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() {
    return parameters.credentials(context);
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
        null);
  }

  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    parameters.checkPeer(chain);
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    parameters.agreeOnSrtp(extensions);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions =
        TlsExtensionsUtils.ensureExtensionsInitialised(super.getServerExtensions());
    int[] chosen = {parameters.profile()};
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(chosen, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    parameters.complete(context);
  }
}
