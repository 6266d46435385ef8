package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.ingest.transport.webrtc.picture.PictureAssembler;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtcpReader;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpPacket;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpReceiver;
import dev.flinkvideo.ingest.transport.webrtc.rtp.SenderClock;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Packets become pictures, or are left out: nothing throws, and what we answer is RTCP. An input is
 * a byte that chooses the codec, then packets, each behind its length in two bytes; the seeds are
 * captures of Chromium, ffmpeg and GStreamer in that form, some with RTCP and retransmissions.
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
    PictureAssembler asTheyCome = assembler(codec);
    Receiving receiving = new Receiving(codec);
    long number = 0;
    while (in.remaining() >= Short.BYTES) {
      int length = Math.min(Short.toUnsignedInt(in.getShort()), in.remaining());
      byte[] packet = new byte[length];
      in.get(packet);
      long at = number++;
      if (RtcpReader.isRtcp(packet)) {
        RtcpReader.read(packet, receiving);
      } else {
        Optional<RtpPacket> rtp = RtpPacket.parse(packet);
        rtp.ifPresent(each -> asTheyCome.packet(each, at));
        rtp.ifPresent(receiving::take);
      }
      receiving.tick();
    }
  }

  private static PictureAssembler assembler(String codec) {
    return new PictureAssembler(
        codec, new byte[0], picture -> assertThat(picture.data()).isNotEmpty());
  }

  /**
   * As a connection has it: in order, with what was asked for again. Of the type that comes first,
   * and retransmissions have the next one, as the peers do it.
   */
  private static final class Receiving implements RtcpReader.Visitor {
    private static final long TICK_NANOS = 20_000_000;
    private static final int CAPTURE_TIME = 3;
    private static final int MAXIMUM_BITRATE = 2_000_000;

    private final PictureAssembler assembler;
    private final SenderClock clock = new SenderClock();
    private RtpReceiver receiver;
    private long nowNanos;

    Receiving(String codec) {
      assembler = assembler(codec);
    }

    void take(RtpPacket packet) {
      if (receiver == null) {
        int type = packet.payloadType();
        receiver =
            new RtpReceiver(
                new RtpReceiver.Stream(type, OptionalInt.of(type + 1), MAXIMUM_BITRATE), assembler);
      }
      packet
          .extension64(CAPTURE_TIME)
          .ifPresent(ntp -> clock.absoluteCaptureTime(ntp, packet.timestamp()));
      receiver.packet(packet, nowNanos);
    }

    void tick() {
      nowNanos += TICK_NANOS;
      if (receiver != null) {
        assertThat(receiver.tick(nowNanos, assembler.isKeyNeeded()))
            .allMatch(RtcpReader::isRtcp)
            .allMatch(packet -> packet.length % Integer.BYTES == 0);
      }
    }

    @Override
    public void senderReport(int source, long ntp, int timestamp) {
      if (receiver != null && receiver.isFrom(source)) {
        receiver.senderReport(ntp, nowNanos);
      }
      clock.report(ntp, timestamp);
    }

    @Override
    public void goodbye(int source) {
      // whoever leaves
    }
  }
}
