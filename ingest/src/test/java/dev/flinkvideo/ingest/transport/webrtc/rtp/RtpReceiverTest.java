package dev.flinkvideo.ingest.transport.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RtpReceiverTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<Integer> given = new ArrayList<>();
  private final RtpReceiver receiver =
      new RtpReceiver(
          new RtpReceiver.Stream(Packets.TYPE, OptionalInt.of(97), 1_000_000),
          (packet, number) -> given.add(packet.sequence()));

  @Test
  void shouldFillAHoleFromTheRetransmissionStream() {
    take(96, 1);
    take(96, 3);
    List<byte[]> due = receiver.tick(20 * MS, false);
    receiver.packet(parse(Packets.bytes(97, 900, 0, false, 0, 2, 7)), 30 * MS);

    assertThat(types(due)).contains(205);
    assertThat(given).containsExactly(1, 2, 3);
  }

  @Test
  void shouldPassOverOtherPayloads() {
    assertThat(receiver.packet(parse(Packets.bytes(111, 1, 0, false, 1)), 0)).isFalse();
    assertThat(given).isEmpty();
  }

  @Test
  void shouldReportOnceASecond() {
    take(96, 1);

    assertThat(types(receiver.tick(0, false))).containsExactly(201, 206);
    assertThat(receiver.tick(999 * MS, false)).isEmpty();
    assertThat(types(receiver.tick(1000 * MS, false))).containsExactly(201, 206);
  }

  @Test
  void shouldReportTheFractionThatWasLost() {
    take(96, 1);
    receiver.tick(0, false);
    take(96, 2);
    take(96, 4);
    take(96, 5);
    byte[] report =
        receiver.tick(1000 * MS, false).stream()
            .filter(packet -> (packet[1] & 0xff) == 201)
            .findFirst()
            .orElseThrow();

    assertThat(ByteBuffer.wrap(report).getInt(12)).isEqualTo(64 << 24 | 1); // one in four
  }

  @Test
  void shouldAskForAKeyFrameUntilItComesButNotAllTheTime() {
    take(96, 1);
    receiver.tick(0, false);

    assertThat(receiver.tick(20 * MS, true)).isEmpty();
    assertThat(types(receiver.tick(500 * MS, true))).containsExactly(206);
    assertThat(receiver.tick(520 * MS, true)).isEmpty();
    assertThat(receiver.tick(1400 * MS, true)).isNotEmpty();
  }

  private void take(int type, int sequence) {
    receiver.packet(parse(Packets.bytes(type, sequence, 0, false, 1)), 0);
  }

  private static RtpPacket parse(byte[] bytes) {
    return RtpPacket.parse(bytes).orElseThrow();
  }

  private static List<Integer> types(List<byte[]> packets) {
    return packets.stream().map(packet -> packet[1] & 0xff).toList();
  }
}
