package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import dev.flinkvideo.ingest.transport.SrtOptions;
import dev.flinkvideo.ingest.transport.SrtPort;
import dev.flinkvideo.ingest.transport.rtmp.RtmpListener;
import dev.flinkvideo.ingest.transport.srt.SrtListener;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports that publishers come to, whose connections it hands over. Opened and closed once. */
final class MediaPorts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MediaPorts.class);
  private static final int BACKLOG = 64;

  private final GatewayConfiguration configuration;
  private final Connections connections;
  private final Refusals refusals;
  private final DtlsIdentity identity;
  private final PeerLimits peers;
  private final Deadlines deadlines;
  private final List<SrtPort> singlePorts = new ArrayList<>();
  private RtmpListener rtmp;
  private SrtListener srt;
  private WhipPort whip;

  /**
   * @param identity by which WebRTC peers know us
   */
  MediaPorts(
      GatewayConfiguration configuration,
      Connections connections,
      Refusals refusals,
      DtlsIdentity identity) {
    this.identity = identity;
    this.configuration = configuration;
    this.connections = connections;
    this.refusals = refusals;
    GatewayConfiguration.Limits limits = configuration.limits();
    peers = new PeerLimits(limits.connectionsPerAddress(), limits.connections());
    deadlines = configuration.timeouts().toDeadlines();
  }

  /**
   * @throws IOException if a port cannot be had; the message names it
   */
  void open() throws IOException {
    InetAddress address = configuration.mediaAddress();
    if (configuration.rtmp().enabled()) {
      openRtmp(address);
    }
    if (configuration.srt().enabled()) {
      openSrt(address);
    }
    if (configuration.webrtc().enabled()) {
      openWebrtc(address);
    }
  }

  int rtmpPort() {
    return rtmp == null ? 0 : rtmp.port();
  }

  int srtPort() {
    return srt == null ? 0 : srt.port();
  }

  int whipPort() {
    return whip == null ? 0 : whip.port();
  }

  int mediaPort() {
    return whip == null ? 0 : whip.mediaPort();
  }

  @Override
  public void close() {
    singlePorts.forEach(SrtPort::close);
    if (srt != null) {
      srt.close();
    }
    if (whip != null) {
      whip.close();
    }
    try {
      if (rtmp != null) {
        rtmp.close();
      }
    } catch (IOException e) {
      LOG.warn("closing the RTMP port failed: {}", e.getMessage());
    }
  }

  private void openRtmp(InetAddress address) throws IOException {
    Optional<SSLSocketFactory> tls = ServerTls.factory(configuration.rtmp().tls());
    rtmp =
        new RtmpListener(
            rtmpSocket(address),
            tls,
            new Gate(SourceTransport.RTMP, configuration, connections::expected),
            new Publishing(SourceTransport.RTMP),
            strangers(),
            peers,
            deadlines);
    rtmp.start();
  }

  private PeerLimits strangers() {
    GatewayConfiguration.Limits limits = configuration.limits();
    return new PeerLimits(limits.strangersPerAddress(), limits.strangers());
  }

  private ServerSocket rtmpSocket(InetAddress address) throws IOException {
    int port = configuration.rtmp().port();
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port), BACKLOG);
      return socket;
    } catch (BindException e) {
      throw new IOException("rtmp.port %d cannot be had: %s".formatted(port, e.getMessage()), e);
    }
  }

  private void openSrt(InetAddress address) throws IOException {
    GatewayConfiguration.Srt settings = configuration.srt();
    Duration latency = Duration.ofMillis(settings.latencyMs());
    Gate gate = new Gate(SourceTransport.SRT, configuration, connections::expected);
    Publishing publishing = new Publishing(SourceTransport.SRT);
    if (SrtListener.isAvailable()) {
      srt =
          new SrtListener(
              new InetSocketAddress(address, settings.port()),
              latency,
              gate,
              publishing,
              peers,
              deadlines);
      srt.start();
    } else {
      LOG.warn("no libsrt on this system: srt.port is not opened, only srt.singlePorts are");
    }
    for (GatewayConfiguration.SrtSinglePort single : settings.singlePorts()) {
      String passphrase = gate.configured(single.stream()).orElse("");
      SrtOptions options = new SrtOptions(single.stream(), passphrase, latency);
      SrtPort port =
          new SrtPort(
              new InetSocketAddress(address, single.port()),
              options,
              gate,
              publishing,
              peers,
              deadlines);
      singlePorts.add(port);
      port.start();
    }
  }

  private void openWebrtc(InetAddress address) throws IOException {
    whip =
        new WhipPort(
            configuration.webrtc(),
            address,
            identity,
            new Gate(SourceTransport.WEBRTC, configuration, connections::expected),
            new Publishing(SourceTransport.WEBRTC),
            strangers(),
            peers,
            deadlines);
    whip.start();
  }

  /** Hands over what a listener let in. */
  private final class Publishing implements PublisherHandler {
    private final SourceTransport transport;

    Publishing(SourceTransport transport) {
      this.transport = transport;
    }

    @Override
    public void publish(String stream, String peer, LiveTransport live) {
      LOG.info("publisher came: stream={} peer={}", stream, peer);
      connections.publish(new StreamName(transport, stream), live);
    }

    @Override
    public void refused(String peer, Ending why) {
      refusals.count(peer, why);
    }
  }
}
