package dev.flinkvideo.ingest.transport.webrtc.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.webrtc.Captures;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapturedPicturesTest {
  @ParameterizedTest
  @CsvSource({
    "chromium-h264, h264",
    "ffmpeg-h264, h264",
    "chromium-vp8, vp8",
    "chromium-vp9, vp9",
    "chromium-av1, av1"
  })
  void shouldFindAKeyFrameAndAPictureBehindIt(String capture, String codec) throws IOException {
    List<Picture> pictures = new ArrayList<>();
    PictureAssembler assembler = new PictureAssembler(codec, new byte[0], pictures::add);
    int payloadBytes = 0;
    for (byte[] bytes : Captures.packets(capture)) {
      RtpPacket packet = RtpPacket.parse(bytes).orElseThrow();
      payloadBytes += packet.payloadBytes();
      assembler.packet(packet, packet.sequence());
    }

    assertThat(pictures).extracting(Picture::key).containsExactly(true, false);
    assertThat(assembler.leftOut()).isZero();
    int pictureBytes = pictures.stream().mapToInt(picture -> picture.data().length).sum();
    assertThat(pictureBytes).isBetween(payloadBytes * 9 / 10, payloadBytes + 40);
  }
}
