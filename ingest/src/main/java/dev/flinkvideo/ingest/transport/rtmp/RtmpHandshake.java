package dev.flinkvideo.ingest.transport.rtmp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;

/**
 * The server's part of the plain handshake (section 5.2): C0 C1, S0 S1 S2, C2. The digests that
 * Flash Player wanted are neither made nor checked; no encoder of today asks. Stateless.
 */
final class RtmpHandshake {
  private static final int VERSION = 3;
  private static final int PACKET_BYTES = 1536;

  /** Time and zeros in front of the random bytes. */
  private static final int HEADER_BYTES = 8;

  /** What comes in: C0, C1 and C2. */
  static final int BYTES = 1 + 2 * PACKET_BYTES;

  private static final SecureRandom RANDOM = new SecureRandom();

  private RtmpHandshake() {}

  static void accept(DataInputStream in, OutputStream out) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new MalformedRtmpException("not RTMP: it begins with byte " + version);
    }
    byte[] theirs = in.readNBytes(PACKET_BYTES);
    byte[] ours = new byte[PACKET_BYTES];
    byte[] random = new byte[PACKET_BYTES - HEADER_BYTES];
    RANDOM.nextBytes(random);
    System.arraycopy(random, 0, ours, HEADER_BYTES, random.length);
    out.write(VERSION);
    out.write(ours);
    out.write(theirs);
    out.flush();
    in.skipNBytes(PACKET_BYTES); // an echo of ours, which some peers get wrong
  }
}
