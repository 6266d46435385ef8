package dev.flinkvideo.ingest.transport.webrtc.sdp;

import java.util.Optional;
import java.util.StringJoiner;

/**
 * Our answer to who wants to push video to us: ICE-lite, receive only, all in one bundle, the
 * candidates in it. Immutable.
 */
public final class Answer {
  public static final String ABSOLUTE_CAPTURE_TIME =
      "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";

  private final SessionDescription offer;
  private final MediaDescription video;
  private final VideoFormat format;

  private Answer(SessionDescription offer, MediaDescription video, VideoFormat format) {
    this.offer = offer;
    this.video = video;
    this.format = format;
  }

  /**
   * @return empty if we know none of the offered formats
   * @throws IllegalArgumentException if the offer is not what we can answer, with a remedy
   */
  public static Optional<Answer> to(SessionDescription offer) {
    MediaDescription video = null;
    for (MediaDescription media : offer.media()) {
      if (media.kind().equals("video")) {
        if (video != null) {
          throw new IllegalArgumentException("two video tracks, send one");
        }
        video = media;
      }
    }
    if (video == null) {
      throw new IllegalArgumentException("no video track, send one");
    }
    MediaDescription chosen = video;
    return VideoFormat.choose(video).map(format -> new Answer(offer, chosen, format));
  }

  public MediaDescription video() {
    return video;
  }

  public VideoFormat format() {
    return format;
  }

  /** Whether the peer begins the DTLS handshake: we leave it to it wherever it can. */
  public boolean weAreServer() {
    return !video.setup().equals("passive");
  }

  /** The text; {@code number} tells sessions apart. */
  public String write(OwnSide us, long number) {
    StringBuilder text = new StringBuilder();
    text.append("v=0\no=- ").append(number).append(" 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n");
    text.append("a=ice-lite\n");
    StringJoiner bundle = new StringJoiner(" ", "a=group:BUNDLE ", "\n");
    for (int i = 0; i < offer.media().size(); i++) {
      if (isTaken(offer.media().get(i))) {
        bundle.add(mid(i));
      }
    }
    text.append(bundle).append("a=msid-semantic: WMS *\n");
    for (int i = 0; i < offer.media().size(); i++) {
      text.append(section(us, i));
    }
    return text.toString().replace("\n", "\r\n");
  }

  private static boolean isTaken(MediaDescription media) {
    return media.kind().equals("video") || media.kind().equals("audio");
  }

  private String mid(int index) {
    return offer.media().get(index).mid().orElse(Integer.toString(index));
  }

  private String section(OwnSide us, int index) {
    MediaDescription media = offer.media().get(index);
    if (!isTaken(media)) {
      return "m=%s 0 %s %s\nc=IN IP4 0.0.0.0\na=inactive\na=mid:%s\n"
          .formatted(media.kind(), media.protocol(), media.formats().get(0), mid(index));
    }
    String formats = media == video ? videoFormats() : media.formats().get(0);
    return "m=%s %d %s %s\n".formatted(media.kind(), us.udpPort(), media.protocol(), formats)
        + us.connection()
        + us.transport(weAreServer() ? "passive" : "active")
        + "a=mid:%s\na=recvonly\n".formatted(mid(index))
        + (media == video ? videoAttributes() : echo(media, media.formats().get(0)))
        + us.candidates();
  }

  private String videoFormats() {
    String type = Integer.toString(format.payloadType());
    return format.retransmissionType().isPresent()
        ? type + " " + format.retransmissionType().getAsInt()
        : type;
  }

  private String videoAttributes() {
    String type = Integer.toString(format.payloadType());
    StringBuilder text = new StringBuilder(echo(video, type));
    for (String feedback : new String[] {"nack", "nack pli", "goog-remb"}) {
      text.append("a=rtcp-fb:%s %s\n".formatted(type, feedback));
    }
    format
        .retransmissionType()
        .ifPresent(repeated -> text.append(echo(video, Integer.toString(repeated))));
    video
        .extension(ABSOLUTE_CAPTURE_TIME)
        .ifPresent(id -> text.append("a=extmap:%d %s\n".formatted(id, ABSOLUTE_CAPTURE_TIME)));
    return text.toString();
  }

  private static String echo(MediaDescription media, String format) {
    StringBuilder text = new StringBuilder();
    for (String attribute : new String[] {"rtpmap", "fmtp"}) {
      for (String value : media.of(attribute, format)) {
        text.append("a=%s:%s %s\n".formatted(attribute, format, value));
      }
    }
    return text.toString();
  }
}
