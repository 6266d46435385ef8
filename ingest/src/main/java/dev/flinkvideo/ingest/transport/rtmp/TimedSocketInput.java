package dev.flinkvideo.ingest.transport.rtmp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * The bytes of a socket until a moment in time: a timeout of the socket's own would start anew with
 * each byte that a slow peer sends. Of one thread.
 */
final class TimedSocketInput extends InputStream {
  private static final long NANOS_PER_MS = 1_000_000;

  private final Socket socket;
  private final InputStream in;
  private long startNanos;
  private long patienceNanos = Long.MAX_VALUE;

  TimedSocketInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** All reads from now on, together, wait no longer than this. */
  void allow(long nanos) {
    startNanos = System.nanoTime();
    patienceNanos = nanos;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    long leftNanos = patienceNanos - (System.nanoTime() - startNanos);
    if (leftNanos <= 0) {
      throw new SocketTimeoutException("out of time");
    }
    long leftMs = Math.min(leftNanos / NANOS_PER_MS + 1, Integer.MAX_VALUE);
    socket.setSoTimeout((int) leftMs);
    return in.read(into, offset, length);
  }
}
