package dev.flinkvideo.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** RTMP publishers that were let in and send nothing. Closed by whoever connected them. */
final class IdlePublishers implements AutoCloseable {
  private static final int HANDSHAKE_BYTES = 1536;
  private static final int COMMAND = 20;

  private final List<Socket> sockets = new ArrayList<>();

  private IdlePublishers() {}

  static String stream(int number) {
    return "idle-" + number;
  }

  static IdlePublishers connect(int port, int count) throws IOException {
    IdlePublishers publishers = new IdlePublishers();
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      publishers.sockets.add(socket);
      publish(socket, stream(i));
    }
    return publishers;
  }

  int count() {
    return sockets.size();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void publish(Socket socket, String stream) throws IOException {
    OutputStream out = socket.getOutputStream();
    byte[] handshake = new byte[1 + 2 * HANDSHAKE_BYTES];
    handshake[0] = 3;
    out.write(handshake);
    out.write(command(text("connect"), number(1), object("app", "live")));
    out.write(command(text("createStream"), number(2), nothing()));
    out.write(command(text("publish"), number(3), nothing(), text(stream), text("live")));
    out.flush();
    new DataInputStream(socket.getInputStream()).readFully(handshake); // it was heard
  }

  /** In one chunk, which is at most 128 bytes long. */
  private static byte[] command(byte[]... values) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (byte[] value : values) {
      payload.writeBytes(value);
    }
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.writeBytes(new byte[] {3, 0, 0, 0, 0, 0, (byte) payload.size(), COMMAND, 0, 0, 0, 0});
    chunk.writeBytes(payload.toByteArray());
    return chunk.toByteArray();
  }

  private static byte[] text(String text) {
    return ("\u0002\u0000" + (char) text.length() + text).getBytes(US_ASCII);
  }

  private static byte[] number(int number) {
    long bits = Double.doubleToLongBits(number);
    byte[] value = new byte[9];
    for (int i = 0; i < 8; i++) {
      value[1 + i] = (byte) (bits >> 56 - 8 * i);
    }
    return value;
  }

  private static byte[] nothing() {
    return new byte[] {5};
  }

  private static byte[] object(String name, String value) {
    String member = "\u0003\u0000" + (char) name.length() + name;
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    object.writeBytes(member.getBytes(US_ASCII));
    object.writeBytes(text(value));
    object.writeBytes(new byte[] {0, 0, 9});
    return object.toByteArray();
  }
}
