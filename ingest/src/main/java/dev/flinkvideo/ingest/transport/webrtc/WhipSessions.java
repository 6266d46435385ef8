package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import dev.flinkvideo.ingest.transport.webrtc.ice.IceAgent;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Answer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.SessionDescription;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of publishers, each with a thread of its own from offer to end. Any thread. */
final class WhipSessions {
  private static final Logger LOG = LoggerFactory.getLogger(WhipSessions.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** So that nobody finds the session of another by trying. */
  private static final int ID_BYTES = 16;

  private static final String RETRY_AFTER_SECONDS = "5";

  private record Publisher(String stream, String peer, InetAddress address) {}

  private record Open(Publisher publisher, WebRtcSession session) {}

  private final WebRtcPort port;
  private final PublisherHandler publishers;
  private final PeerLimits peers;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  WhipSessions(WebRtcPort port, PublisherHandler publishers, PeerLimits peers) {
    this.port = port;
    this.publishers = publishers;
    this.peers = peers;
  }

  /** Answers an offer; the place of a session is its id. */
  Reply begin(String stream, String peer, String offer) throws UnknownHostException {
    Optional<Answer> answer;
    try {
      answer = Answer.to(SessionDescription.parse(offer));
    } catch (IllegalArgumentException e) {
      boolean noVideo = e.getMessage().startsWith("no video");
      EndReason reason = noVideo ? EndReason.NO_VIDEO : EndReason.PROTOCOL_ERROR;
      return refuse(peer, HttpStatus.BAD_REQUEST_400, new Ending(reason, e.getMessage()));
    }
    if (answer.isEmpty()) {
      String detail = "no codec in common, send H.264, VP8, VP9 or AV1";
      return refuse(
          peer, HttpStatus.UNPROCESSABLE_ENTITY_422, new Ending(EndReason.CODEC_UNKNOWN, detail));
    }
    InetAddress address = InetAddress.getByName(peer); // a literal, so nothing is looked up
    if (!peers.enter(address)) {
      Ending why = new Ending(EndReason.REFUSED, "too many connections");
      return refuse(peer, HttpStatus.SERVICE_UNAVAILABLE_503, why)
          .with("Retry-After", RETRY_AFTER_SECONDS);
    }
    return begin(new Publisher(stream, peer, address), answer.get());
  }

  private Reply begin(Publisher who, Answer answer) {
    IceAgent agent = IceAgent.lite();
    WebRtcSession session;
    try {
      session = port.accept(agent, answer);
    } catch (IllegalArgumentException e) {
      peers.leave(who.address());
      Ending why = new Ending(EndReason.PROTOCOL_ERROR, e.getMessage());
      return refuse(who.peer(), HttpStatus.BAD_REQUEST_400, why);
    }
    String id = randomId();
    open.put(id, new Open(who, session));
    long number = NUMBERS.incrementAndGet();
    Thread thread = new Thread(() -> serve(id), "webrtc-" + number);
    thread.setDaemon(true);
    thread.start();
    return Reply.created(id, answer.write(port.ownSide(agent), number));
  }

  /** What the session publishes, if there is one. */
  Optional<String> stream(String id) {
    return Optional.ofNullable(open.get(id)).map(one -> one.publisher().stream());
  }

  void end(String id, String detail) {
    Open one = open.get(id);
    if (one != null) {
      one.session().end(detail);
    }
  }

  void stopAll() {
    open.values().forEach(one -> one.session().stop());
  }

  private void serve(String id) {
    Open one = open.get(id);
    try (WebRtcSession session = one.session()) {
      publishers.publish(one.publisher().stream(), one.publisher().peer(), session);
    } catch (RuntimeException e) {
      LOG.warn("serving WebRTC peer={} failed", one.publisher().peer(), e);
    } finally {
      open.remove(id);
      peers.leave(one.publisher().address());
    }
  }

  private Reply refuse(String peer, int status, Ending why) {
    publishers.refused(peer, why);
    return Reply.error(status, why.detail());
  }

  private static String randomId() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
