package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;

/** Our side when we begin the handshake. Of one handshake; called by Bouncy Castle. */
final class DtlsClient extends DefaultTlsClient {
  private final DtlsParameters parameters;

  DtlsClient(DtlsParameters parameters) {
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
  @SuppressWarnings("rawtypes") // as the interface has it
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions =
        TlsExtensionsUtils.ensureExtensionsInitialised(super.getClientExtensions());
    TlsSRTPUtils.addUseSRTPExtension(
        extensions, new UseSRTPData(SrtpKeys.PROFILES, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void processServerExtensions(Hashtable extensions) throws IOException {
    super.processServerExtensions(extensions);
    parameters.agreeOnSrtp(extensions);
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
        parameters.checkPeer(certificate.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) {
        return parameters.credentials(context);
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    parameters.complete(context);
  }
}
