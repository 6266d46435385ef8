package dev.flinkvideo.ingest.transport.webrtc;

import java.util.Random;
import java.util.function.Predicate;

/** Loses RTP packets before they are opened, and neither STUN nor DTLS nor RTCP. One thread. */
final class Loss implements Predicate<byte[]> {
  private final double part;
  private final int ofFirst;
  private final Random random = new Random(7);
  private int packets;
  private volatile boolean over;

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
    if (!isRtp(datagram)) {
      return true;
    }
    packets++;
    return over || packets > ofFirst || random.nextDouble() >= part;
  }

  /** Nothing is lost any more. Any thread. */
  void end() {
    over = true;
  }

  /** RFC 7983 and RFC 5761, as far as it is sealed. */
  static boolean isRtp(byte[] datagram) {
    int type = datagram.length < 2 ? 0 : datagram[1] & 0xff;
    return (datagram[0] & 0xc0) == 0x80 && (type < 192 || type > 223);
  }
}
