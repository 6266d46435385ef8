package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherGate;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * WHIP over HTTP (RFC 9725): {@code POST /whip/STREAM} begins a session, {@code DELETE} at the
 * place that the answer names ends it. Whoever shows no right token costs no more than the reading
 * of its headers. Called by the server's threads.
 */
public final class WhipHandler extends Handler.Abstract {
  private static final String ENDPOINT = "/whip/";
  private static final String SESSION = "/whip-session/";
  private static final String SDP = "application/sdp";
  private static final String CANDIDATES = "application/trickle-ice-sdpfrag";
  private static final String BEARER = "Bearer ";

  /** Offers of browsers with all they can are about 8 kB. */
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final WebRtcPort port;
  private final PublisherGate gate;
  private final PublisherHandler publishers;
  private final WhipSessions sessions;

  /**
   * @param peers limits the sessions, those under way included
   */
  public WhipHandler(
      WebRtcPort port, PublisherGate gate, PublisherHandler publishers, PeerLimits peers) {
    this.port = port;
    this.gate = gate;
    this.publishers = publishers;
    sessions = new WhipSessions(port, publishers, peers);
  }

  /** Takes a second or two, so that the first publisher need not. */
  @Override
  protected void doStart() throws Exception {
    WarmUp.run(port.identity());
    super.doStart();
  }

  /** Ends all sessions. */
  @Override
  protected void doStop() throws Exception {
    sessions.stopAll();
    super.doStop();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    String path = Request.getPathInContext(request);
    boolean endpoint = path.startsWith(ENDPOINT) && path.length() > ENDPOINT.length();
    if (!endpoint && !path.startsWith(SESSION)) {
      return false;
    }
    response.getHeaders().put("Access-Control-Allow-Origin", "*");
    Reply reply = endpoint ? atEndpoint(path, request) : atSession(path, request);
    reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.setStatus(reply.status());
    Content.Sink.write(response, true, reply.body(), callback);
    return true;
  }

  private Reply atEndpoint(String path, Request request) throws IOException {
    return switch (request.getMethod()) {
      case "OPTIONS" -> Reply.options("POST, OPTIONS").with("Accept-Post", SDP);
      case "POST" -> post(path.substring(ENDPOINT.length()), request);
      default -> Reply.notAllowed("POST, OPTIONS");
    };
  }

  private Reply post(String stream, Request request) throws IOException {
    String peer = Request.getRemoteAddr(request);
    Optional<Ending> refusal = gate.refuse(stream, token(request));
    if (refusal.isPresent()) {
      publishers.refused(peer, refusal.get());
      return refusal.get().reason() == EndReason.UNAUTHORISED
          ? Reply.unauthorised()
          : Reply.error(HttpStatus.NOT_FOUND_404, refusal.get().detail());
    }
    if (!isOf(SDP, request)) {
      return Reply.error(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "send " + SDP);
    }
    Optional<String> offer = body(request);
    if (offer.isEmpty()) {
      return Reply.error(HttpStatus.PAYLOAD_TOO_LARGE_413, "send at most 64 KiB");
    }
    Reply reply = sessions.begin(stream, peer, offer.get());
    String place = reply.headers().get(HttpHeader.LOCATION.asString());
    return place == null
        ? reply
        : reply.with(HttpHeader.LOCATION.asString(), absolute(request, SESSION + place));
  }

  private Reply atSession(String path, Request request) throws IOException {
    String id = path.substring(SESSION.length());
    String method = request.getMethod();
    if (method.equals("OPTIONS")) {
      return Reply.options("DELETE, PATCH, OPTIONS");
    }
    if (!method.equals("DELETE") && !method.equals("PATCH")) {
      return Reply.notAllowed("DELETE, PATCH, OPTIONS");
    }
    Optional<String> stream = sessions.stream(id);
    if (stream.isEmpty()) {
      return Reply.error(HttpStatus.NOT_FOUND_404, "there is no such session, it may have ended");
    }
    Optional<Ending> refusal = gate.refuse(stream.get(), token(request));
    if (refusal.isPresent() && refusal.get().reason() == EndReason.UNAUTHORISED) {
      return Reply.unauthorised();
    }
    if (method.equals("PATCH")) {
      return patch(request);
    }
    sessions.end(id, "the publisher deleted its session");
    return Reply.of(HttpStatus.OK_200);
  }

  /**
   * Candidates need not be known: publishers come to us, and are seen where they come from. Another
   * user name or password would be an ICE restart, which we do not do.
   */
  private static Reply patch(Request request) throws IOException {
    if (!isOf(CANDIDATES, request)) {
      return Reply.error(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "send " + CANDIDATES);
    }
    Optional<String> fragment = body(request);
    boolean restarts = "*".equals(request.getHeaders().get(HttpHeader.IF_MATCH));
    if (fragment.isEmpty() || restarts) {
      return Reply.error(
          HttpStatus.UNPROCESSABLE_ENTITY_422, "no ICE restarts, begin another session");
    }
    return Reply.of(HttpStatus.NO_CONTENT_204);
  }

  private static String token(Request request) {
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return authorization != null && authorization.startsWith(BEARER)
        ? authorization.substring(BEARER.length()).trim()
        : "";
  }

  private static boolean isOf(String type, Request request) {
    String sent = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return sent != null && sent.split(";")[0].trim().equalsIgnoreCase(type);
  }

  /** Empty if it is too large. */
  private static Optional<String> body(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      return bytes.length > MAX_BODY_BYTES
          ? Optional.empty()
          : Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** FFmpeg's WHIP muxer takes nothing else for a place. */
  private static String absolute(Request request, String path) {
    return HttpURI.build(request.getHttpURI()).pathQuery(path).asString();
  }
}
