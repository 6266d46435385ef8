package dev.flinkvideo.ingest.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Makes RTMPS of RTMP, with the certificate of a key store. Stateless. */
final class ServerTls {
  private ServerTls() {}

  /** Not bound yet; a plain one if no key store is named. */
  static ServerSocket socket(GatewayConfiguration.Tls tls) throws IOException {
    if (tls.keyStore().isEmpty()) {
      return new ServerSocket();
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
      return context.getServerSocketFactory().createServerSocket();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "rtmp.tls.keyStore %s: %s".formatted(tls.keyStore(), e.getMessage()), e);
    }
  }
}
