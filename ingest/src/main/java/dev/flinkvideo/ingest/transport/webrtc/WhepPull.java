package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveSink;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.TransportStatistics;
import dev.flinkvideo.ingest.transport.webrtc.ice.IceAgent;
import dev.flinkvideo.ingest.transport.webrtc.ice.UdpPort;
import dev.flinkvideo.ingest.transport.webrtc.sdp.MediaDescription;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Offer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.SessionDescription;
import dev.flinkvideo.ingest.transport.webrtc.sdp.VideoFormat;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fetches a stream by WHEP: offers to receive, takes the answer, and tells the server when it is
 * over. Has a UDP port of its own, for servers have one for all that pull from them.
 */
public final class WhepPull implements LiveTransport {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int ANY_PORT = 9;
  private static final TransportStatistics NOTHING =
      new TransportStatistics(0, 0, 0, 0, Optional.empty());

  private final WhepServer server;
  private final DtlsIdentity identity;
  private final URI url;
  private final long maximumBitrate;
  private final Deadlines deadlines;
  private volatile WebRtcSession session;
  private volatile boolean stopped;

  /**
   * @param token shown to the server; none if empty
   * @param maximumBitrate what the server is told that we take, in bit/s
   */
  public WhepPull(
      URI url, String token, DtlsIdentity identity, long maximumBitrate, Deadlines deadlines) {
    server = new WhepServer(url, token, deadlines.connect());
    this.identity = identity;
    this.url = url;
    this.maximumBitrate = maximumBitrate;
    this.deadlines = deadlines;
  }

  @Override
  public Ending read(LiveSink sink) {
    long untilNanos = System.nanoTime() + deadlines.connect().toNanos();
    try {
      InetAddress local = localTowards(url);
      try (UdpPort udp = new UdpPort(new InetSocketAddress(local, 0))) {
        udp.start();
        return agree(udp, local, untilNanos).read(sink, untilNanos);
      }
    } catch (WhepRefusalException e) {
      return e.ending();
    } catch (IllegalArgumentException e) {
      return new Ending(EndReason.PROTOCOL_ERROR, "answer: " + e.getMessage());
    } catch (SocketTimeoutException e) {
      long connectMs = deadlines.connect().toMillis();
      return new Ending(EndReason.LOST, "no answer within %d ms".formatted(connectMs));
    } catch (IOException e) {
      return stopped ? closed() : new Ending(EndReason.LOST, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return closed();
    } finally {
      server.delete();
    }
  }

  @Override
  public void stop() {
    stopped = true;
    server.cancel();
    WebRtcSession current = session;
    if (current != null) {
      current.stop();
    }
  }

  @Override
  public TransportStatistics statistics() {
    WebRtcSession current = session;
    return current == null ? NOTHING : current.statistics();
  }

  @Override
  public boolean requestKeyFrame() {
    WebRtcSession current = session;
    return current != null && current.requestKeyFrame();
  }

  private WebRtcSession agree(UdpPort udp, InetAddress local, long untilNanos)
      throws IOException, InterruptedException {
    WebRtcPort port = new WebRtcPort(udp, identity, List.of(local), maximumBitrate, deadlines);
    IceAgent agent = IceAgent.controlling();
    String offer = Offer.write(port.ownSide(agent), NUMBERS.incrementAndGet());
    SessionDescription answer = SessionDescription.parse(server.post(offer, untilNanos));
    MediaDescription video =
        answer.media().stream()
            .filter(media -> media.kind().equals("video"))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no video"));
    VideoFormat format =
        VideoFormat.choose(video).orElseThrow(() -> new IllegalArgumentException("no known codec"));
    WebRtcSession agreed = port.connect(agent, video, format);
    session = agreed;
    if (stopped) {
      agreed.stop();
    }
    return agreed;
  }

  /** The address of ours that packets to the server carry; sends nothing. */
  private static InetAddress localTowards(URI url) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(url.getHost(), ANY_PORT));
      return socket.getLocalAddress();
    }
  }

  private static Ending closed() {
    return new Ending(EndReason.CLOSED, "we were told to close it");
  }
}
