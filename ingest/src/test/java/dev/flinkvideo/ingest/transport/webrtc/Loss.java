package dev.flinkvideo.ingest.transport.webrtc;

import java.util.Random;
import java.util.function.Predicate;

/** Loses RTP packets before they are opened, and neither STUN nor DTLS nor RTCP. One thread. */
final class Loss implements Predicate<byte[]> {
  private final double part;
  private final int ofFirst;
  private final Random random = new Random(7);
  private int packets;

  /**
   * @param ofFirst packets are lost; none later, for nobody repeats what was lost as the sender
   *     hung up
   */
  Loss(double part, int ofFirst) {
    this.part = part;
    this.ofFirst = ofFirst;
  }

  @Override
  public boolean test(byte[] datagram) {
    int type = datagram.length < 2 ? 0 : datagram[1] & 0xff;
    boolean rtp = (datagram[0] & 0xc0) == 0x80 && (type < 192 || type > 223);
    if (!rtp) {
      return true;
    }
    packets++;
    return packets > ofFirst || random.nextDouble() >= part;
  }
}
