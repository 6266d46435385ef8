package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.webrtc.ice.StunMessage;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtcpReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Keeps what a peer sends; some RTP packets are lost, so that they are sent again. A connection
 * opens packets in place, so that they are open here too, once it took them. Written by the thread
 * of the port, read by the test's.
 */
final class SeedRecorder implements Predicate<byte[]> {
  private static final int RTP_BYTES = 6000;
  private static final int RETRANSMITTED_BYTES = 3000;
  private static final int RTCP_BYTES = 1500;

  /** RFC 3711 and RFC 7714: the tag of AES-CM and of AES-GCM, and behind RTCP a number. */
  private static final List<Integer> TAG_BYTES = List.of(10, 16);

  private static final int NUMBER_BYTES = Integer.BYTES;
  private static final int LOST_PACKETS = 150;
  private static final double LOST = 0.2;

  private final Loss loss = new Loss(LOST, LOST_PACKETS);
  private final List<byte[]> checks = new CopyOnWriteArrayList<>();
  private final List<byte[]> media = new CopyOnWriteArrayList<>();

  @Override
  public boolean test(byte[] datagram) {
    if (StunMessage.looksLike(datagram)) {
      checks.add(datagram);
    } else if ((datagram[0] & 0xc0) == 0x80) {
      if (!loss.test(datagram)) {
        return false;
      }
      media.add(datagram);
    }
    return true;
  }

  List<byte[]> checks() {
    return checks;
  }

  long reports() {
    return media.stream().filter(RtcpReader::isRtcp).count();
  }

  long retransmissions() {
    return media.stream().filter(this::isRetransmission).count();
  }

  /** The beginning of each kind, in the order of arrival, each behind its length. */
  byte[] seed(int codec) {
    int tagBytes = tagBytes();
    int[] left = {RTP_BYTES, RETRANSMITTED_BYTES, RTCP_BYTES};
    ByteArrayOutputStream seed = new ByteArrayOutputStream();
    seed.write(codec);
    for (byte[] sealed : media) {
      boolean rtcp = RtcpReader.isRtcp(sealed);
      int length = sealed.length - tagBytes - (rtcp ? NUMBER_BYTES : 0);
      int kind = rtcp ? 2 : isRetransmission(sealed) ? 1 : 0;
      left[kind] -= length;
      if (left[kind] >= 0) {
        seed.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        seed.writeBytes(Arrays.copyOf(sealed, length));
      }
    }
    return seed.toByteArray();
  }

  /** Its type is the one behind that of the stream. */
  private boolean isRetransmission(byte[] datagram) {
    byte[] first = media.stream().filter(Loss::isRtp).findFirst().orElseThrow();
    return Loss.isRtp(datagram) && (datagram[1] & 0x7f) == (first[1] & 0x7f) + 1;
  }

  /** With which one the lengths of the parts of an RTCP packet fit. */
  private int tagBytes() {
    byte[] report = media.stream().filter(RtcpReader::isRtcp).findFirst().orElseThrow();
    return TAG_BYTES.stream()
        .filter(tag -> isCompound(report, report.length - NUMBER_BYTES - tag))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isCompound(byte[] bytes, int end) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int at = 0;
    while (at + NUMBER_BYTES <= end) {
      at += 4 * (Short.toUnsignedInt(in.getShort(at + 2)) + 1);
    }
    return at == end;
  }
}
