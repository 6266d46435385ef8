package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.LiveSink;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.TransportStatistics;
import dev.flinkvideo.ingest.transport.UnitCounter;
import dev.flinkvideo.ingest.transport.webrtc.ice.IceAgent;
import dev.flinkvideo.ingest.transport.webrtc.ice.UdpPort;
import dev.flinkvideo.ingest.transport.webrtc.secure.DatagramPeer;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import dev.flinkvideo.ingest.transport.webrtc.secure.Fingerprint;
import dev.flinkvideo.ingest.transport.webrtc.secure.SecureChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One WebRTC connection that HTTP has agreed on: finds the peer, shakes hands, receives. Of the
 * thread that calls {@link #read}; {@link #close} for whoever does not come to call it.
 */
final class WebRtcSession implements LiveTransport, AutoCloseable {
  /**
   * @param expected the certificate of the peer
   * @param server whether the peer begins the DTLS handshake
   * @param candidates where to look for the peer; none if it looks for us
   */
  record Agreement(
      Fingerprint expected,
      boolean server,
      List<InetSocketAddress> candidates,
      VideoTrack.Agreement video) {}

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Without a packet for so long, all has come that was sent before a DELETE. */
  private static final long DRAINED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** RFC 7675 wants one each 5 s, and gives up after 30 s without an answer. */
  private static final long CONSENT_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final UdpPort port;
  private final IceAgent agent;
  private final DtlsIdentity identity;
  private final Agreement agreement;
  private final Deadlines deadlines;
  private final UnitCounter counter = new UnitCounter();
  private volatile Optional<LinkStatistics> link = Optional.empty();
  private volatile Ending ordered;
  private volatile boolean stopped;
  private volatile boolean keyFrameRequested;
  private long consentNanos;

  /** Registers {@code agent} at {@code port}, so that checks are answered from here on. */
  WebRtcSession(
      UdpPort port,
      IceAgent agent,
      DtlsIdentity identity,
      Agreement agreement,
      Deadlines deadlines) {
    this.port = port;
    this.agent = agent;
    this.identity = identity;
    this.agreement = agreement;
    this.deadlines = deadlines;
    port.add(agent);
  }

  @Override
  public Ending read(LiveSink sink) {
    return read(sink, System.nanoTime() + deadlines.connect().toNanos());
  }

  /**
   * As {@link #read(LiveSink)}, where the deadline began before.
   *
   * @param untilNanos of System.nanoTime, by which we must be connected
   */
  Ending read(LiveSink sink, long untilNanos) {
    try (this) {
      if (!findPeer(untilNanos)) {
        return ordered != null ? ordered : late("no ICE check", deadlines.connect());
      }
      Duration left = Duration.ofNanos(untilNanos - System.nanoTime());
      try (SecureChannel channel =
          SecureChannel.open(
              new Peer(), identity, agreement.expected(), agreement.server(), left)) {
        sink.opened();
        return receive(channel, sink);
      }
    } catch (IOException e) {
      return ordered != null ? ordered : handshakeFailure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ending(EndReason.CLOSED, "interrupted");
    }
  }

  @Override
  public void stop() {
    stopped = true;
    end("we were told to close it");
  }

  /** Makes {@link #read} return once it has what the peer sent before. Any thread. */
  void end(String detail) {
    ordered = new Ending(EndReason.CLOSED, detail);
  }

  @Override
  public TransportStatistics statistics() {
    return counter.statistics(link);
  }

  @Override
  public boolean requestKeyFrame() {
    keyFrameRequested = true;
    return true;
  }

  @Override
  public void close() {
    port.remove(agent);
  }

  private boolean findPeer(long untilNanos) throws InterruptedException {
    while (ordered == null && System.nanoTime() < untilNanos) {
      for (InetSocketAddress candidate : agreement.candidates()) {
        check(candidate);
      }
      if (agent.awaitSelected(CHECK_NANOS)) {
        return true;
      }
    }
    return false;
  }

  private Ending receive(SecureChannel channel, LiveSink sink) throws InterruptedException {
    VideoTrack track = new VideoTrack(agreement.video(), channel.srtp(), sink, counter);
    Patience patience = new Patience(deadlines, System.nanoTime());
    long tickedNanos = System.nanoTime();
    while (ordered == null) {
      byte[] datagram = channel.early().poll();
      if (datagram == null) {
        datagram = agent.poll(TICK_NANOS);
      }
      if (datagram != null && SecureChannel.isDtls(datagram)) {
        if (!channel.accept(datagram)) {
          return new Ending(EndReason.CLOSED, "the peer closed the connection");
        }
      } else if (datagram != null) {
        track.take(datagram);
      }
      long nowNanos = System.nanoTime();
      if (nowNanos - tickedNanos >= TICK_NANOS) {
        tickedNanos = nowNanos;
        tick(track, nowNanos);
        patience.came(track.units(), track.leftOut(), nowNanos);
        Ending ending = track.isOver() ? goodbye() : lateness(patience, nowNanos);
        if (ending != null) {
          return ending;
        }
      }
    }
    if (!stopped) {
      drain(track);
    }
    return ordered;
  }

  /** The DELETE of a publisher, by HTTP, may overtake its last pictures. */
  private void drain(VideoTrack track) throws InterruptedException {
    long untilNanos = System.nanoTime() + DRAIN_NANOS;
    byte[] datagram = agent.poll(DRAINED_NANOS);
    while (datagram != null && System.nanoTime() < untilNanos) {
      if (!SecureChannel.isDtls(datagram)) {
        track.take(datagram);
      }
      datagram = agent.poll(DRAINED_NANOS);
    }
  }

  private void tick(VideoTrack track, long nowNanos) {
    if (keyFrameRequested) {
      keyFrameRequested = false;
      track.wantKeyFrame();
    }
    for (byte[] packet : track.tick(nowNanos)) {
      send(packet, 0, packet.length);
    }
    link = Optional.of(track.link(agent.overflowed()));
    if (!agreement.candidates().isEmpty() && nowNanos - consentNanos >= CONSENT_NANOS) {
      check(agent.selected());
    }
  }

  private Ending lateness(Patience patience, long nowNanos) {
    boolean sound = counter.statistics(link).passedOver() > 0;
    return patience.ending(nowNanos, agent.heardNanos(), sound);
  }

  private void check(InetSocketAddress address) {
    consentNanos = System.nanoTime();
    byte[] check = agent.check();
    port.send(check, 0, check.length, address);
  }

  private void send(byte[] bytes, int offset, int length) {
    port.send(bytes, offset, length, agent.selected());
  }

  private Ending handshakeFailure(IOException e) {
    boolean silent = e instanceof SocketTimeoutException;
    return silent
        ? late("no DTLS handshake", deadlines.connect())
        : new Ending(EndReason.PROTOCOL_ERROR, "DTLS: " + e.getMessage());
  }

  private static Ending goodbye() {
    return new Ending(EndReason.CLOSED, "the peer said goodbye to its video");
  }

  private static Ending late(String what, Duration after) {
    return new Ending(EndReason.LOST, "%s within %d ms".formatted(what, after.toMillis()));
  }

  /** The peer, as the handshake sees it. */
  private final class Peer implements DatagramPeer {
    @Override
    public void send(byte[] bytes, int offset, int length) {
      WebRtcSession.this.send(bytes, offset, length);
    }

    @Override
    public byte[] poll(long nanos) throws InterruptedException {
      return agent.poll(nanos);
    }

    @Override
    public boolean isStopped() {
      return ordered != null;
    }
  }
}
