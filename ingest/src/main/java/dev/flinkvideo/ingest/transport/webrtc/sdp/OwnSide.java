package dev.flinkvideo.ingest.transport.webrtc.sdp;

import dev.flinkvideo.ingest.transport.webrtc.ice.IceCredentials;
import dev.flinkvideo.ingest.transport.webrtc.secure.Fingerprint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * How a peer reaches us and knows us.
 *
 * @param addresses where our UDP port is seen, at least one
 */
public record OwnSide(
    IceCredentials credentials, Fingerprint fingerprint, List<InetAddress> addresses, int udpPort) {
  /** RFC 8445 5.1.2: a host candidate of component 1; each address a little less wanted. */
  private static final int HOST_PRIORITY = 126 << 24 | 255;

  private static final int LOCAL_PREFERENCE_SHIFT = 8;
  private static final int MAX_LOCAL_PREFERENCE = 65_535;

  /** The attributes of a medium that concern the way to us; OBS reads them nowhere else. */
  String transport(String setup) {
    return """
        a=ice-ufrag:%s
        a=ice-pwd:%s
        a=fingerprint:%s
        a=setup:%s
        a=rtcp-mux
        a=rtcp-rsize
        """
        .formatted(credentials.name(), credentials.password(), fingerprint, setup);
  }

  String candidates() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < addresses.size(); i++) {
      int priority = HOST_PRIORITY + (MAX_LOCAL_PREFERENCE - i << LOCAL_PREFERENCE_SHIFT);
      String address = addresses.get(i).getHostAddress();
      lines.append(
          "a=candidate:%d 1 udp %d %s %d typ host\n".formatted(i + 1, priority, address, udpPort));
    }
    return lines.append("a=end-of-candidates\n").toString();
  }

  String connection() {
    InetAddress first = addresses.get(0);
    String family = first instanceof Inet6Address ? "IP6" : "IP4";
    return "c=IN %s %s\n".formatted(family, first.getHostAddress());
  }
}
