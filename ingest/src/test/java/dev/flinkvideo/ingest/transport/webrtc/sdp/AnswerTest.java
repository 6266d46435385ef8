package dev.flinkvideo.ingest.transport.webrtc.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.ingest.transport.webrtc.Captures;
import dev.flinkvideo.ingest.transport.webrtc.ice.IceCredentials;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final OwnSide US =
      new OwnSide(
          new IceCredentials("name", "password"),
          DtlsIdentity.create().fingerprint(),
          List.of(InetAddress.getLoopbackAddress()),
          4711);

  @Test
  void shouldAnswerABrowser() throws Exception {
    Answer answer = answer(Captures.offer("chromium"));

    assertThat(answer.format().codec()).isEqualTo("h264");
    assertThat(answer.format().payloadType()).isEqualTo(102);
    assertThat(answer.format().retransmissionType()).isEqualTo(OptionalInt.of(103));
    assertThat(answer.weAreServer()).isTrue();
    assertThat(answer.write(US, 1).split("\r\n"))
        .contains(
            "a=ice-lite",
            "a=group:BUNDLE 0",
            "m=video 4711 UDP/TLS/RTP/SAVPF 102 103",
            "a=ice-ufrag:name",
            "a=ice-pwd:password",
            "a=setup:passive",
            "a=mid:0",
            "a=recvonly",
            "a=rtpmap:102 H264/90000",
            "a=rtpmap:103 rtx/90000",
            "a=fmtp:103 apt=102",
            "a=rtcp-fb:102 nack pli",
            "a=extmap:13 " + Answer.ABSOLUTE_CAPTURE_TIME,
            "a=candidate:1 1 udp 2130706431 127.0.0.1 4711 typ host",
            "a=end-of-candidates");
  }

  @Test
  void shouldLeaveTheHandshakeToUsWhereFfmpegWaitsForIt() throws Exception {
    Answer answer = answer(Captures.offer("ffmpeg"));

    assertThat(answer.weAreServer()).isFalse();
    assertThat(answer.write(US, 1)).contains("a=setup:active\r\n");
  }

  @Test
  void shouldSkipFormatsWithoutPacketizationModeOne() throws Exception {
    String offer =
        Captures.offer("chromium").replace("102 103 104 107 108 109", "104 107 108 109 102 103");

    assertThat(answer(offer).format().payloadType()).isEqualTo(108);
  }

  @Test
  void shouldDeclineWhatIsNeitherVideoNorSound() throws Exception {
    String offer =
        Captures.offer("chromium")
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:7\r\n";

    assertThat(answer(offer).write(US, 1))
        .contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n")
        .contains("a=group:BUNDLE 0\r\n");
  }

  @Test
  void shouldKnowWhichCodecsItKnows() throws Exception {
    String offer = Captures.offer("chromium").replace("H264/", "H265/");

    assertThat(Answer.to(SessionDescription.parse(offer))).isEmpty();
  }

  @Test
  void shouldSayWhatIsWrongWithAnOffer() throws Exception {
    String offer = Captures.offer("chromium");
    String video = offer.substring(offer.indexOf("m=video"));

    assertThatThrownBy(() -> answer("hello")).hasMessageContaining("v=0");
    assertThatThrownBy(() -> answer(offer.replace("m=video", "m=text")))
        .hasMessageContaining("no video");
    assertThatThrownBy(() -> answer(offer + video)).hasMessageContaining("two video");
    assertThatThrownBy(() -> answer(offer.replace("m=video 40770", "m=")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> answer(offer.replace("sha-256", "sha-1")).video().fingerprint())
        .hasMessageContaining("sha-256");
    assertThatThrownBy(() -> answer(offer.replace("ice-pwd", "x")).video().credentials())
        .hasMessage("a=ice-pwd is missing");
  }

  @Test
  void shouldReadParameterSetsThatTheOfferStates() throws Exception {
    String offer =
        Captures.offer("chromium")
            .replace("profile-level-id=42001f", "sprop-parameter-sets=Z0I=,aM4=");

    assertThat(answer(offer).format().parameterSets())
        .containsExactly(0, 0, 0, 1, 0x67, 0x42, 0, 0, 0, 1, 0x68, 0xce);
  }

  @Test
  void shouldFindTheAddressesOfAPeer() throws Exception {
    assertThat(Offer.candidates(answer(Captures.offer("chromium")).video()))
        .extracting(address -> address.getAddress().getHostAddress() + " " + address.getPort())
        .containsExactly("192.0.2.2 40770", "fd00:0:0:0:0:0:0:2 34075");
  }

  private static Answer answer(String offer) {
    return Answer.to(SessionDescription.parse(offer)).orElseThrow();
  }
}
