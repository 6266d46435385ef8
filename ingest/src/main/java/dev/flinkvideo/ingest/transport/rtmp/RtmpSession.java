package dev.flinkvideo.ingest.transport.rtmp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * The server's side of one RTMP connection: handshake, the commands up to {@code publish}, then
 * media messages. Of one thread; {@link #close} from any.
 */
final class RtmpSession implements Closeable {
  private static final int WINDOW_BYTES = 2_500_000;
  private static final int MIN_WINDOW_BYTES = 4096;
  private static final int DYNAMIC_BANDWIDTH = 2;
  private static final int PING_REQUEST = 6;
  private static final int PING_RESPONSE = 7;
  private static final int STREAM = 1;
  private static final String SECRET = "key=";

  /** What a command may take; the metadata of encoders is about 1 kB. */
  private static final int MAX_COMMAND_BYTES = 64 * 1024;

  /** Encoders ask for five or six. */
  private static final int MAX_REPLIES_BEFORE_PUBLISHING = 32;

  /** A peer that makes us answer without sending media would fill our side of the socket. */
  private static final int MAX_REPLIES_WITHOUT_MEDIA = 1000;

  private final Socket socket;
  private final Watchdog watchdog;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final ChunkReader chunks;
  private final ChunkWriter writer;

  /**
   * How many bytes the peer wants acknowledged at a time; 0 while it has not said so. One that
   * never says so does not read acknowledgements either, and its goodbye would be lost: a TCP that
   * is closed with something unread throws away what it has not sent.
   */
  private int windowBytes;

  private long acknowledged;
  private int repliesSinceMedia;
  private boolean accepted;
  private String application = "";
  private String streamKey;
  private boolean unpublished;

  /**
   * @param socket what is spoken through, TLS perhaps
   * @param watchdog of the socket below it
   */
  RtmpSession(Socket socket, Watchdog watchdog) throws IOException {
    this.socket = socket;
    this.watchdog = watchdog;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    chunks = new ChunkReader(in, MAX_COMMAND_BYTES); // until it has shown a key
    writer = new ChunkWriter(out);
  }

  /**
   * Speaks with the peer until it asks to publish, which it is not told the answer to yet.
   *
   * @return false if it left instead
   */
  boolean awaitPublish() throws IOException {
    try {
      RtmpHandshake.accept(in, out);
      while (streamKey == null && !unpublished) {
        answer(chunks.next());
      }
      return streamKey != null;
    } catch (IOException e) {
      throw watchdog.explain(e);
    }
  }

  /** Application and name, without what follows a question mark. */
  String stream() {
    return application + "/" + beforeQuery(streamKey);
  }

  /** The {@code key=} after the question mark of the stream, or empty. */
  String secret() {
    int query = streamKey.indexOf('?');
    for (String parameter : streamKey.substring(query + 1).split("&")) {
      if (query >= 0 && parameter.startsWith(SECRET)) {
        return parameter.substring(SECRET.length());
      }
    }
    return "";
  }

  private static String beforeQuery(String text) {
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  void acceptPublish() {
    accepted = true;
    chunks.allow(ChunkReader.MAX_MESSAGE_BYTES);
    writer.control(
        RtmpMessage.USER_CONTROL,
        ByteBuffer.allocate(6).putShort((short) 0 /* stream begins */).putInt(STREAM).array());
    publishStatus("status", "NetStream.Publish.Start", "go ahead");
  }

  void refusePublish() {
    publishStatus("error", "NetStream.Publish.BadName", "not allowed");
    try {
      socket.shutdownOutput(); // so that the answer arrives before the end
    } catch (IOException e) {
      // it did not wait for the answer, and is refused all the same
    }
  }

  /**
   * The next message with sound or pictures, or null if the peer says that there are no more.
   *
   * @param patienceNanos until it is whole, and what we had to answer meanwhile is sent
   */
  RtmpMessage nextMedia(long patienceNanos) throws IOException {
    watchdog.allow(patienceNanos);
    try {
      return nextMedia();
    } catch (IOException e) {
      throw watchdog.explain(e);
    } finally {
      watchdog.rest();
    }
  }

  @Override
  public void close() throws IOException {
    watchdog.close();
  }

  private RtmpMessage nextMedia() throws IOException {
    while (!unpublished) {
      RtmpMessage message = chunks.next();
      acknowledge();
      if (message.isMedia()) {
        repliesSinceMedia = 0;
        return message;
      }
      answer(message);
    }
    return null;
  }

  private void acknowledge() {
    long bytes = RtmpHandshake.BYTES + chunks.bytesRead();
    if (windowBytes > 0 && bytes - acknowledged >= windowBytes) {
      acknowledged = bytes;
      writer.control(RtmpMessage.ACKNOWLEDGEMENT, (int) bytes);
    }
  }

  private void answer(RtmpMessage message) throws IOException {
    ByteBuffer payload = ByteBuffer.wrap(message.payload());
    if (message.type() == RtmpMessage.WINDOW_SIZE && payload.remaining() >= Integer.BYTES) {
      windowBytes = Math.max(MIN_WINDOW_BYTES, payload.getInt());
    } else if (message.type() == RtmpMessage.USER_CONTROL && payload.remaining() >= 6) {
      answerControl(payload);
    } else if (message.isCommand()) {
      answerCommand(message, payload);
    }
  }

  private void answerControl(ByteBuffer payload) throws IOException {
    if (payload.getShort() == PING_REQUEST) {
      countReply();
      byte[] pong =
          ByteBuffer.allocate(6).putShort((short) PING_RESPONSE).put(payload.slice(2, 4)).array();
      writer.control(RtmpMessage.USER_CONTROL, pong);
    }
  }

  private void answerCommand(RtmpMessage message, ByteBuffer payload) throws IOException {
    if (payload.remaining() > MAX_COMMAND_BYTES) {
      throw new MalformedRtmpException("a command of %d bytes".formatted(payload.remaining()));
    }
    countReply();
    if (message.type() == RtmpMessage.COMMAND_AMF3 && payload.hasRemaining()) {
      payload.get(); // says that AMF 0 follows
    }
    List<Object> values = Amf0.read(payload);
    // What is no number is not sent back: it may be 64 kB, and only a number is allowed.
    double transaction = values.size() > 1 && values.get(1) instanceof Double number ? number : 0;
    switch (text(values, 0)) {
      case "connect" -> connect(values, transaction);
      case "createStream" -> writer.command(0, "_result", transaction, null, (double) STREAM);
      case "publish" -> streamKey = text(values, 3);
      case "FCUnpublish", "deleteStream", "closeStream" -> unpublished = true;
      default -> acknowledgeCommand(transaction);
    }
  }

  private void connect(List<Object> values, double transaction) {
    Map<?, ?> asked = values.size() > 2 && values.get(2) instanceof Map<?, ?> map ? map : Map.of();
    application = String.valueOf(asked.get("app"));
    writer.control(RtmpMessage.WINDOW_SIZE, WINDOW_BYTES);
    writer.control(
        RtmpMessage.PEER_BANDWIDTH,
        ByteBuffer.allocate(5).putInt(WINDOW_BYTES).put((byte) DYNAMIC_BANDWIDTH).array());
    writer.enlargeChunks();
    writer.command(
        0,
        "_result",
        transaction,
        Map.of("fmsVer", "FMS/3,5,7,7009", "capabilities", 31.0), // what encoders have always seen
        Map.of(
            "level", "status",
            "code", "NetConnection.Connect.Success",
            "description", "connected",
            "objectEncoding", 0.0));
  }

  /** Commands that we need not understand ({@code releaseStream}, {@code FCPublish}). */
  private void acknowledgeCommand(double transaction) {
    if (transaction > 0) {
      writer.command(0, "_result", transaction, null, null);
    }
  }

  private void publishStatus(String level, String code, String description) {
    Map<String, String> status = Map.of("level", level, "code", code, "description", description);
    writer.command(STREAM, "onStatus", 0.0, null, status);
  }

  private void countReply() throws MalformedRtmpException {
    repliesSinceMedia++;
    if (accepted && repliesSinceMedia > MAX_REPLIES_WITHOUT_MEDIA) {
      throw new MalformedRtmpException(
          "%d commands without media".formatted(MAX_REPLIES_WITHOUT_MEDIA));
    }
    if (!accepted && repliesSinceMedia > MAX_REPLIES_BEFORE_PUBLISHING) {
      throw new MalformedRtmpException(
          "%d commands before publishing".formatted(MAX_REPLIES_BEFORE_PUBLISHING));
    }
  }

  private static String text(List<Object> values, int index) {
    return values.size() > index && values.get(index) instanceof String text ? text : "";
  }
}
