package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.ingest.transport.webrtc.picture.PictureAssembler;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtcpReader;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Packets become pictures, or are left out: nothing throws. An input is a byte that chooses the
 * codec, then packets, each behind its length in two bytes; the seeds are captures of Chromium and
 * ffmpeg in that form.
 */
class RtpFuzzTest {
  private static final List<String> CODECS = List.of("h264", "vp8", "vp9", "av1");

  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void assemble(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (!in.hasRemaining()) {
      return;
    }
    String codec = CODECS.get(Byte.toUnsignedInt(in.get()) % CODECS.size());
    PictureAssembler assembler =
        new PictureAssembler(
            codec, new byte[0], picture -> assertThat(picture.data()).isNotEmpty());
    long number = 0;
    while (in.remaining() >= Short.BYTES) {
      int length = Math.min(Short.toUnsignedInt(in.getShort()), in.remaining());
      byte[] packet = new byte[length];
      in.get(packet);
      RtcpReader.read(packet, new Ignoring());
      long at = number++;
      RtpPacket.parse(packet)
          .ifPresent(
              rtp -> {
                rtp.extension64(3);
                assembler.packet(rtp, at);
              });
    }
  }

  private static final class Ignoring implements RtcpReader.Visitor {
    @Override
    public void senderReport(int source, long ntp, int timestamp) {
      // whatever it says
    }

    @Override
    public void goodbye(int source) {
      // whoever leaves
    }
  }
}
