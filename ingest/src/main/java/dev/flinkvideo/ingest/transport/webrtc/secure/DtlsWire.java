package dev.flinkvideo.ingest.transport.webrtc.secure;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;

/**
 * What Bouncy Castle sends and receives through. Media that overtakes the end of the handshake is
 * kept for later. One thread.
 */
final class DtlsWire implements DatagramTransport {
  /** What Ethernet carries, less IP and UDP. */
  private static final int RECEIVE_LIMIT_BYTES = 1472;

  private static final int SEND_LIMIT_BYTES = 1200;

  /** A first key frame has some 50 packets; at 8 Mbit/s this is half a second. */
  private static final int MAX_EARLY_DATAGRAMS = 512;

  /**
   * FFmpeg's WHIP muxer takes the first ClientHello for the end of its ICE checks and drops it. A
   * second one soon saves the second that Bouncy Castle would wait; more of them make it hang.
   */
  private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final DatagramPeer peer;
  private final Queue<byte[]> early = new ArrayDeque<>();
  private byte[] received;
  private byte[] first;
  private long firstNanos;
  private boolean heard;
  private boolean closed;

  DtlsWire(DatagramPeer peer) {
    this.peer = peer;
  }

  /** RFC 7983. */
  static boolean isDtls(byte[] datagram) {
    return datagram.length > 0 && datagram[0] >= 20 && datagram[0] < 64;
  }

  Queue<byte[]> early() {
    return early;
  }

  /** To be received next. */
  void offer(byte[] datagram) {
    received = datagram;
  }

  /** Whether the peer ended the connection, or a fault did. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT_BYTES;
  }

  @Override
  public int receive(byte[] into, int offset, int length, int waitMillis) throws IOException {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    while (received == null) {
      long leftNanos = untilNanos - System.nanoTime();
      if (leftNanos <= 0) {
        return -1;
      }
      await(Math.min(leftNanos, SLICE_NANOS));
      repeatFirst();
    }
    heard = true;
    int count = Math.min(length, received.length);
    System.arraycopy(received, 0, into, offset, count);
    received = null;
    return count;
  }

  @Override
  public void send(byte[] bytes, int offset, int length) throws IOException {
    if (first == null) {
      first = Arrays.copyOfRange(bytes, offset, offset + length);
      firstNanos = System.nanoTime();
    }
    peer.send(bytes, offset, length);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void await(long nanos) throws IOException {
    if (peer.isStopped()) {
      throw new InterruptedIOException("stopped");
    }
    byte[] datagram;
    try {
      datagram = peer.poll(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (datagram == null) {
      return;
    }
    if (isDtls(datagram)) {
      received = datagram;
    } else if (early.size() < MAX_EARLY_DATAGRAMS) {
      early.add(datagram);
    }
  }

  private void repeatFirst() throws IOException {
    if (first != null && !heard && System.nanoTime() - firstNanos > REPEAT_NANOS) {
      heard = true; // once
      peer.send(first, 0, first.length);
    }
  }
}
