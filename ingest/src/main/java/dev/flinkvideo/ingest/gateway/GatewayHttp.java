package dev.flinkvideo.ingest.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What the gateway shows over HTTP: {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code
 * /v1/connections}. Nothing here changes anything.
 */
final class GatewayHttp implements AutoCloseable {
  private static final int MAX_THREADS = 8;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  private static final JsonMapper MAPPER = new JsonMapper();

  private final Connections connections;
  private final GatewayMetrics metrics;
  private final Server server;
  private final ServerConnector connector;

  GatewayHttp(
      GatewayConfiguration.Http configuration, Connections connections, GatewayMetrics metrics) {
    this.connections = connections;
    this.metrics = metrics;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("gateway-http");
    threads.setDaemon(true);
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1);
    connector.setHost(configuration.bind());
    connector.setPort(configuration.port());
    server.addConnector(connector);
    server.setHandler(new Routes());
  }

  void start() throws IOException {
    try {
      server.start();
    } catch (Exception e) { // declared by Jetty, whatever it was
      throw new IOException(
          "http.port %d cannot be had: %s".formatted(connector.getPort(), e.getMessage()), e);
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // declared by Jetty; what is left is daemon threads
      Thread.currentThread().interrupt();
    }
  }

  private record Answer(int status, String type, String body) {}

  private final class Routes extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Answer answer = answer(request.getMethod(), Request.getPathInContext(request));
      response.setStatus(answer.status());
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
      Content.Sink.write(response, true, answer.body(), callback);
      return true;
    }
  }

  private Answer answer(String method, String path) {
    if (!method.equals("GET")) {
      return new Answer(HttpStatus.METHOD_NOT_ALLOWED_405, TEXT, "only GET\n");
    }
    return switch (path) {
      case "/healthz" -> new Answer(HttpStatus.OK_200, TEXT, "ok\n");
      case "/readyz" ->
          connections.isCaughtUp()
              ? new Answer(HttpStatus.OK_200, TEXT, "ready\n")
              : new Answer(HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, "commands are not read yet\n");
      case "/metrics" -> new Answer(HttpStatus.OK_200, PROMETHEUS, metrics.text());
      case "/v1/connections" -> new Answer(HttpStatus.OK_200, JSON, connectionsJson());
      default -> new Answer(HttpStatus.NOT_FOUND_404, TEXT, "nothing here\n");
    };
  }

  private String connectionsJson() {
    List<ConnectionView> views = connections.open().stream().map(ConnectionView::of).toList();
    try {
      return MAPPER.writeValueAsString(Map.of("version", 1, "connections", views));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records always have a JSON form", e);
    }
  }
}
