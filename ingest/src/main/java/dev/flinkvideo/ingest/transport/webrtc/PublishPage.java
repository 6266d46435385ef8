package dev.flinkvideo.ingest.transport.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code GET /publish}: a page that publishes the camera of the browser, or a test pattern, by
 * WHIP. Called by the server's threads.
 */
public final class PublishPage extends Handler.Abstract {
  private static final String PATH = "/publish";
  private static final String POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src *;"
          + " media-src blob: mediastream:; frame-ancestors 'none'";

  private final byte[] page = read();

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Request.getPathInContext(request).equals(PATH) || !request.getMethod().equals("GET")) {
      return false;
    }
    response.getHeaders().put("Content-Type", "text/html; charset=utf-8");
    response.getHeaders().put("Content-Security-Policy", POLICY);
    response.write(true, ByteBuffer.wrap(page), callback);
    return true;
  }

  private static byte[] read() {
    try (InputStream in = PublishPage.class.getResourceAsStream("publish.html")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
