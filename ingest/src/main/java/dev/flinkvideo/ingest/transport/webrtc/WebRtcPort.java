package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.webrtc.ice.IceAgent;
import dev.flinkvideo.ingest.transport.webrtc.ice.UdpPort;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Answer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.MediaDescription;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Offer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.OwnSide;
import dev.flinkvideo.ingest.transport.webrtc.sdp.VideoFormat;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What the connections of this process share: where they are reached, by what certificate they are
 * known, how long they may take. Immutable; the UDP port belongs to whoever opened it.
 *
 * @param addresses as peers see them, in front of any address translation
 * @param maximumBitrate what each publisher is told that we take, in bit/s
 */
public record WebRtcPort(
    UdpPort udp,
    DtlsIdentity identity,
    List<InetAddress> addresses,
    long maximumBitrate,
    Deadlines deadlines) {

  OwnSide ownSide(IceAgent agent) {
    return new OwnSide(agent.local(), identity.fingerprint(), addresses, udp.port());
  }

  /** For one who pushes to us. */
  WebRtcSession accept(IceAgent agent, Answer answer) {
    return session(agent, answer.video(), answer.format(), answer.weAreServer(), List.of());
  }

  /** For one we pull from, who chose its role. */
  WebRtcSession connect(IceAgent agent, MediaDescription video, VideoFormat format) {
    agent.setRemote(video.credentials());
    boolean server = video.setup().equals("active");
    return session(agent, video, format, server, Offer.candidates(video));
  }

  private WebRtcSession session(
      IceAgent agent,
      MediaDescription video,
      VideoFormat format,
      boolean server,
      List<InetSocketAddress> candidates) {
    VideoTrack.Agreement track =
        new VideoTrack.Agreement(
            format, video.extension(Answer.ABSOLUTE_CAPTURE_TIME), maximumBitrate);
    WebRtcSession.Agreement agreement =
        new WebRtcSession.Agreement(video.fingerprint(), server, candidates, track);
    return new WebRtcSession(udp, agent, identity, agreement, deadlines);
  }
}
