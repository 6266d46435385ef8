package dev.flinkvideo.ingest.transport.srt;

import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Addresses as the C library has them: sockaddr_in and sockaddr_in6. Stateless; any thread. */
final class SocketAddresses {
  /** Of sockaddr_in6, the larger of the two. */
  static final int MAX_BYTES = 28;

  private static final int V4_BYTES = 16;
  private static final int V4 = 2;
  private static final int V6 = Platform.isMac() ? 30 : Platform.isWindows() ? 23 : 10;

  private static final int PORT = 2;
  private static final int V4_HOST = 4;
  private static final int V6_HOST = 8;

  private SocketAddresses() {}

  static byte[] toNative(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    boolean v4 = host instanceof Inet4Address;
    ByteBuffer bytes = ByteBuffer.allocate(v4 ? V4_BYTES : MAX_BYTES);
    if (Platform.isMac()) {
      bytes.put(0, (byte) bytes.capacity()).put(1, (byte) (v4 ? V4 : V6));
    } else {
      bytes.order(ByteOrder.nativeOrder()).putShort(0, (short) (v4 ? V4 : V6));
    }
    bytes.order(ByteOrder.BIG_ENDIAN).putShort(PORT, (short) address.getPort());
    bytes.put(v4 ? V4_HOST : V6_HOST, host.getAddress());
    return bytes.array();
  }

  static InetSocketAddress fromNative(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int family = Platform.isMac() ? bytes[1] : buffer.order(ByteOrder.nativeOrder()).getShort(0);
    byte[] host = new byte[family == V4 ? 4 : 16];
    buffer.get(family == V4 ? V4_HOST : V6_HOST, host);
    int port = buffer.order(ByteOrder.BIG_ENDIAN).getShort(PORT) & 0xffff;
    try {
      return new InetSocketAddress(InetAddress.getByAddress(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are addresses", e);
    }
  }

  /** What libsrt points to. */
  static InetSocketAddress fromNative(Pointer address) {
    boolean v4 =
        (Platform.isMac() ? address.getByte(1) : address.getShort(0)) == V4; // never beyond its end
    byte[] bytes = new byte[MAX_BYTES];
    address.read(0, bytes, 0, v4 ? V4_BYTES : MAX_BYTES);
    return fromNative(bytes);
  }
}
