package dev.flinkvideo.jobs.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Bad people, all of them strangers: malformed, cut off, without end, drop by drop. Any thread. */
final class Attackers {
  private static final int CONNECTIONS = 60;
  private static final int DATAGRAMS = 4000;
  private static final int RTMP_HANDSHAKE_BYTES = 1 + 2 * 1536;
  private static final int STUN_COOKIE = 0x2112A442;

  private Attackers() {}

  /** Against a TCP port; each ends when it was hung up on, or has nothing more to say. */
  static List<Callable<Long>> overTcp(int port, byte[] beginning) {
    return List.of(
        () -> rounds(port, random -> noise(random, 4000)),
        () -> rounds(port, random -> join(beginning, noise(random, 4000))),
        () -> rounds(port, random -> Arrays.copyOf(beginning, random.nextInt(beginning.length))),
        () -> endless(port, beginning));
  }

  /** What an RTMP client says before its first command. */
  static byte[] rtmpBeginning() {
    byte[] handshake = new byte[RTMP_HANDSHAKE_BYTES];
    handshake[0] = 3;
    return handshake;
  }

  static byte[] httpBeginning() {
    return "POST /whip/live/rtmp-0 HTTP/1.1\r\nHost: here\r\nX-Long: ".getBytes(US_ASCII);
  }

  /**
   * Against a UDP port.
   *
   * @return how many bytes came back
   */
  static long overUdp(int port, Maker maker) throws IOException {
    Random random = new Random(port);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(InetAddress.getLoopbackAddress(), port);
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] bytes = maker.make(random);
        socket.send(new DatagramPacket(bytes, bytes.length));
        if (i % 100 == 0) {
          TimeUnit.MILLISECONDS.sleep(5); // or the kernel drops what the good ones send
        }
      }
      return received(socket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Makes what is sent. */
  @FunctionalInterface
  interface Maker {
    byte[] make(Random random);
  }

  /** A STUN binding request that nobody signed. */
  static byte[] unsignedCheck(Random random) {
    byte[] id = new byte[12];
    random.nextBytes(id);
    return ByteBuffer.allocate(20)
        .putShort((short) 1)
        .putShort((short) 0)
        .putInt(STUN_COOKIE)
        .put(id)
        .array();
  }

  /** One that claims a user and a signature, and has neither. */
  static byte[] forgedCheck(Random random) {
    byte[] rest = new byte[12 + 8 + 24];
    random.nextBytes(rest);
    ByteBuffer check = ByteBuffer.allocate(20 + 8 + 24);
    check.putShort((short) 1).putShort((short) 32).putInt(STUN_COOKIE).put(rest, 0, 12);
    check.putShort((short) 6).putShort((short) 3).put("a:b".getBytes(US_ASCII)).put((byte) 0);
    return check.putShort((short) 8).putShort((short) 20).put(rest, 12, 20).array();
  }

  /** Looks like DTLS, RTP or RTCP, and is none. */
  static byte[] looksLikeMedia(Random random) {
    byte[] bytes = noise(random, 1400);
    bytes[0] = (byte) List.of(20, 22, 23, 128, 129, 144).get(random.nextInt(6)).intValue();
    return bytes;
  }

  /** An SRT control packet of any kind, handshakes for the most part. */
  static byte[] looksLikeSrt(Random random) {
    byte[] bytes = noise(random, 100);
    byte[] packet = Arrays.copyOf(bytes, Math.max(64, bytes.length));
    packet[0] = (byte) 0x80;
    packet[1] = (byte) (random.nextInt(3) == 0 ? random.nextInt(9) : 0);
    return packet;
  }

  static byte[] noise(Random random, int atMost) {
    byte[] noise = new byte[1 + random.nextInt(atMost)];
    random.nextBytes(noise);
    return noise;
  }

  private static long rounds(int port, Maker maker) {
    Random random = new Random(port);
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(maker.make(random));
      } catch (IOException e) {
        // hung up on while it was still talking
      }
    }
    return CONNECTIONS;
  }

  private static long endless(int port, byte[] beginning) {
    byte[] more = new byte[8192];
    Arrays.fill(more, (byte) 'a');
    long sent = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(beginning);
      while (true) {
        out.write(more);
        sent += more.length;
      }
    } catch (IOException e) {
      return sent; // hung up on, as it should be
    }
  }

  /** Says a byte now and then until it is hung up on. */
  static long drip(int port, byte[] beginning) throws InterruptedException {
    long drops = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int i = 0; true; i++) {
        socket.getOutputStream().write(i < beginning.length ? beginning[i] : 'a');
        drops++;
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (IOException e) {
      return drops;
    }
  }

  private static long received(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(300);
    byte[] buffer = new byte[2048];
    long bytes = 0;
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        bytes += packet.getLength();
      }
    } catch (SocketTimeoutException e) {
      return bytes;
    }
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
