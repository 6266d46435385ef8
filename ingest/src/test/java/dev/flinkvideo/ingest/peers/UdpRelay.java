package dev.flinkvideo.ingest.peers;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Stands between peers and a UDP port of this host, as whoever holds a router between them does,
 * and sends again some of what it hears: each once at once, and all of them later. One test's.
 */
public final class UdpRelay implements AutoCloseable {
  /** Where peers find it. Another address than the port's, so that both can have one number. */
  public static final InetAddress ADDRESS = address(127, 0, 0, 2);

  private static final int MAX_DATAGRAM_BYTES = 2048;

  /** Of those that could be sent again, how many pass before they are for the second time. */
  private static final int LATER = 120;

  private final DatagramSocket outside;
  private final DatagramSocket inside = new DatagramSocket();
  private final Predicate<byte[]> repeatable;
  private final int repeats;
  private final List<byte[]> kept = new ArrayList<>();
  private volatile SocketAddress peer;
  private volatile int sentAgain;
  private int passed;

  /**
   * @param repeatable what may be sent again, of which the first {@code repeats} are
   */
  public UdpRelay(int port, Predicate<byte[]> repeatable, int repeats) throws IOException {
    this.repeatable = repeatable;
    this.repeats = repeats;
    outside = new DatagramSocket(new InetSocketAddress(ADDRESS, port));
    inside.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    start("relay-in", this::relayIn);
    start("relay-out", this::relayOut);
  }

  /** Datagrams that were sent and not only passed on. */
  public int sentAgain() {
    return sentAgain;
  }

  @Override
  public void close() {
    outside.close();
    inside.close();
  }

  private void relayIn() throws IOException {
    while (true) {
      DatagramPacket packet = receive(outside);
      peer = packet.getSocketAddress();
      byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
      inside.send(new DatagramPacket(bytes, bytes.length));
      if (repeatable.test(bytes)) {
        repeat(bytes);
      }
    }
  }

  private void relayOut() throws IOException {
    while (true) {
      DatagramPacket packet = receive(inside);
      packet.setSocketAddress(peer);
      outside.send(packet);
    }
  }

  private void repeat(byte[] bytes) throws IOException {
    passed++;
    if (passed <= repeats) {
      kept.add(bytes);
      sendAgain(bytes);
    }
    if (passed == LATER) {
      for (byte[] old : kept) {
        sendAgain(old);
      }
    }
  }

  private void sendAgain(byte[] bytes) throws IOException {
    inside.send(new DatagramPacket(bytes, bytes.length));
    sentAgain = sentAgain + 1; // one writer
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
    socket.receive(packet);
    return packet;
  }

  /** Relays until its socket is closed. */
  @FunctionalInterface
  private interface Direction {
    void run() throws IOException;
  }

  private static void start(String name, Direction direction) {
    Thread thread =
        new Thread(
            () -> {
              try {
                direction.run();
              } catch (IOException e) {
                // the test is over, or will notice that nothing comes
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static InetAddress address(int... bytes) {
    try {
      return InetAddress.getByAddress(
          new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
