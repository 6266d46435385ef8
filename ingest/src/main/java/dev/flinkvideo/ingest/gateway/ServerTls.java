package dev.flinkvideo.ingest.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** Makes RTMPS of RTMP, with the certificate of a key store. Stateless. */
final class ServerTls {
  private ServerTls() {}

  /** What lays TLS over accepted sockets; none if no key store is named. */
  static Optional<SSLSocketFactory> factory(GatewayConfiguration.Tls tls) throws IOException {
    if (tls.keyStore().isEmpty()) {
      return Optional.empty();
    }
    char[] password = tls.keyStorePassword().toCharArray();
    try (InputStream in = Files.newInputStream(Path.of(tls.keyStore()))) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return Optional.of(context.getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "rtmp.tls.keyStore %s: %s".formatted(tls.keyStore(), e.getMessage()), e);
    }
  }
}
