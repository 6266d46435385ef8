package dev.flinkvideo.ingest.transport.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
  /** Two sources, an extension with ids 1 (8 bytes) and 2 (1 byte), two bytes of padding. */
  private static final byte[] FULL =
      HexFormat.of()
          .parseHex(
              "b2e0ffff000000070000123400000001"
                  + "00000002bede000317e0000000800000"
                  + "00200500aabbcc0002");

  @Test
  void shouldFindPayloadBehindSourcesAndExtensionAndBeforePadding() {
    RtpPacket packet = RtpPacket.parse(FULL).orElseThrow();

    assertThat(packet.marker()).isTrue();
    assertThat(packet.payloadType()).isEqualTo(96);
    assertThat(packet.sequence()).isEqualTo(0xffff);
    assertThat(packet.timestamp()).isEqualTo(7);
    assertThat(packet.source()).isEqualTo(0x1234);
    assertThat(Arrays.copyOfRange(FULL, packet.payloadAt(), packet.payloadEnd()))
        .containsExactly(0xaa, 0xbb, 0xcc);
    assertThat(packet.extension64(1)).contains(0xe000000080000000L);
    assertThat(packet.extension64(2)).isEmpty();
    assertThat(packet.extension64(3)).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsCutOffInTheHeader() {
    for (int length = 0; length < 36; length++) {
      assertThat(RtpPacket.parse(Arrays.copyOf(FULL, length))).isEmpty();
    }
  }

  @Test
  void shouldUnwrapARetransmission() {
    byte[] repeated = Packets.bytes(97, 5, 7, true, 0x12, 0x34, 0xaa);

    RtpPacket packet = RtpPacket.parse(repeated).orElseThrow().repeated(96, 1).orElseThrow();

    assertThat(packet.sequence()).isEqualTo(0x1234);
    assertThat(packet.payloadType()).isEqualTo(96);
    assertThat(packet.source()).isEqualTo(1);
    assertThat(packet.payloadBytes()).isEqualTo(1);
  }

  @Test
  void shouldTakeAnEmptyRetransmissionForAProbe() {
    byte[] probe = Packets.bytes(97, 5, 7, true, 0, 0);

    assertThat(RtpPacket.parse(probe).orElseThrow().repeated(96, 1)).isEmpty();
  }
}
