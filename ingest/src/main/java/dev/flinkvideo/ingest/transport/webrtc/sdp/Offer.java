package dev.flinkvideo.ingest.transport.webrtc.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Our offer to who lets us pull video: receive only, every codec we know. Stateless. */
public final class Offer {
  private static final int MAX_CANDIDATES = 16;
  private static final int ABSOLUTE_CAPTURE_TIME_ID = 13;

  /** Payload types are ours to choose; that of the repeated packets is the next. */
  private enum Codec {
    H264(102, "H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
    VP8(96, "VP8", ""),
    VP9(98, "VP9", "profile-id=0"),
    AV1(45, "AV1", "");

    final int payloadType;
    final String rtpName;
    final String parameters;

    Codec(int payloadType, String rtpName, String parameters) {
      this.payloadType = payloadType;
      this.rtpName = rtpName;
      this.parameters = parameters;
    }

    String attributes() {
      int repeated = payloadType + 1;
      StringBuilder text = new StringBuilder();
      text.append("a=rtpmap:%d %s/90000\n".formatted(payloadType, rtpName));
      if (!parameters.isEmpty()) {
        text.append("a=fmtp:%d %s\n".formatted(payloadType, parameters));
      }
      for (String feedback : new String[] {"nack", "nack pli", "goog-remb"}) {
        text.append("a=rtcp-fb:%d %s\n".formatted(payloadType, feedback));
      }
      text.append("a=rtpmap:%d rtx/90000\n".formatted(repeated));
      return text.append("a=fmtp:%d apt=%d\n".formatted(repeated, payloadType)).toString();
    }
  }

  private Offer() {}

  /** The text; {@code number} tells sessions apart. */
  public static String write(OwnSide us, long number) {
    StringBuilder formats = new StringBuilder();
    StringBuilder attributes = new StringBuilder();
    for (Codec codec : Codec.values()) {
      formats.append(" %d %d".formatted(codec.payloadType, codec.payloadType + 1));
      attributes.append(codec.attributes());
    }
    String text =
        "v=0\no=- %d 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0 1\n".formatted(number)
            + "m=video %d UDP/TLS/RTP/SAVPF%s\n".formatted(us.udpPort(), formats)
            + us.connection()
            + us.transport("actpass")
            + "a=mid:0\na=recvonly\n"
            + attributes
            + "a=extmap:%d %s\n".formatted(ABSOLUTE_CAPTURE_TIME_ID, Answer.ABSOLUTE_CAPTURE_TIME)
            + us.candidates()
            + "m=audio %d UDP/TLS/RTP/SAVPF 111\n".formatted(us.udpPort())
            + us.connection()
            + us.transport("actpass")
            + "a=mid:1\na=recvonly\n"
            + "a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n"
            + us.candidates();
    return text.replace("\n", "\r\n");
  }

  /** Where the peer says it may be reached by UDP; names are not looked up. */
  public static List<InetSocketAddress> candidates(MediaDescription media) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (String candidate : media.candidates()) {
      String[] words = candidate.split(" +");
      if (words.length >= 6
          && words[1].equals("1")
          && words[2].equalsIgnoreCase("udp")
          && words[4].matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")
          && words[5].matches("[0-9]{1,5}")
          && Integer.parseInt(words[5]) <= 65_535
          && found.size() < MAX_CANDIDATES) {
        found.add(address(words[4], Integer.parseInt(words[5])));
      }
    }
    return found;
  }

  private static InetSocketAddress address(String literal, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(literal), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("candidate address=" + literal + " is malformed", e);
    }
  }
}
