package dev.flinkvideo.ingest.transport.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;

/** A publisher that says what a test wants, well-formed or not. Of one thread. */
final class RtmpClient implements Closeable {
  private static final int HANDSHAKE_BYTES = 1536;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  RtmpClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /**
   * @param socket connected; closed with this
   */
  RtmpClient(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Can receive next to nothing that it does not read. */
  static RtmpClient narrow(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RtmpClient(socket);
  }

  RtmpClient handshake() throws IOException {
    out.write(3);
    out.write(new byte[HANDSHAKE_BYTES]);
    out.write(new byte[HANDSHAKE_BYTES]);
    in.readFully(new byte[1 + 2 * HANDSHAKE_BYTES]);
    return this;
  }

  RtmpClient publish(String application, String name) throws IOException {
    handshake();
    message(RtmpMessage.COMMAND_AMF0, Amf0.write("connect", 1.0, Map.of("app", application)));
    message(RtmpMessage.COMMAND_AMF0, Amf0.write("createStream", 2.0, null));
    return message(RtmpMessage.COMMAND_AMF0, Amf0.write("publish", 3.0, null, name, "live"));
  }

  /** In one chunk: sizes above 128 need a chunk size set before. */
  RtmpClient message(int type, byte[] payload) throws IOException {
    return raw(chunk(3, type, payload.length, payload));
  }

  RtmpClient raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** A chunk of type 0 that claims {@code length} and carries what is given. */
  static byte[] chunk(int chunkStreamId, int type, int length, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(chunkStreamId);
    bytes.writeBytes(new byte[3]);
    bytes.write(length >> 16);
    bytes.write(length >> 8);
    bytes.write(length);
    bytes.write(type);
    bytes.writeBytes(new byte[] {1, 0, 0, 0});
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  /** Whether the server has hung up; waits for it. */
  boolean isHungUp() throws IOException {
    socket.setSoTimeout(20_000);
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset, as we had sent more than it read
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
