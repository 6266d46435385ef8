package dev.flinkvideo.ingest.transport.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedbackTest {
  @Test
  void shouldAskForPacketsWithAMaskForThoseBehind() {
    assertThat(hex(Feedback.nack(0x1234, List.of(65535L, 65536L, 65551L, 65600L))))
        .isEqualTo("81cd0004" + "0f110f11" + "00001234" + "ffff8001" + "00400000");
  }

  @Test
  void shouldAskForAKeyFrame() {
    assertThat(hex(Feedback.pictureLoss(0x1234))).isEqualTo("81ce00020f110f1100001234");
  }

  @Test
  void shouldSayHowMuchItTakes() {
    // 8 Mbit/s = 250000 * 2^5
    assertThat(hex(Feedback.maximumBitrate(0x1234, 8_000_000)))
        .isEqualTo("8fce00050f110f1100000000" + "52454d42" + "0117d090" + "00001234");
  }

  @Test
  void shouldReportReceptionWithItsName() {
    Feedback.Reception reception = new Feedback.Reception(0x1234, 64, 3, 70_000, 5, 0x0a0b0c0d, 9);

    assertThat(hex(Feedback.receiverReport(reception)))
        .isEqualTo(
            "81c90007"
                + "0f110f11"
                + "00001234"
                + "40000003"
                + "00011170"
                + "00000005"
                + "0a0b0c0d"
                + "00000009"
                + "81ca0005"
                + "0f110f11"
                + "010b666c696e6b2d766964656f"
                + "000000");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
