package dev.flinkvideo.ingest.transport.rtmp;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts messages together from chunks (section 5.3). Bounded, counting all messages that are under
 * way at once; memory is taken as their bytes come in, not as they claim. Of one thread.
 */
final class ChunkReader {
  /** A key frame of the highest quality that there is has some megabytes. */
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** Encoders use four to six. */
  private static final int MAX_CHUNK_STREAMS = 64;

  private static final int DEFAULT_CHUNK_BYTES = 128;
  private static final int FIRST_ALLOCATION_BYTES = 16 * 1024;
  private static final int EXTENDED = 0xffffff;

  private final DataInputStream in;
  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private int maxBytes;
  private int chunkBytes = DEFAULT_CHUNK_BYTES;
  private int pendingBytes;
  private long bytesRead;

  /** What a chunk may leave out because the one before it on the same chunk stream said it. */
  private static final class ChunkStream {
    private int timestampMs;
    private int deltaMs;
    private int length;
    private int type;
    private int streamId;
    private boolean extended;

    // The message under way; null between two.
    private byte[] payload;
    private int received;
  }

  /**
   * @param maxBytes of a message, and of all that are under way together
   */
  ChunkReader(DataInputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** From here on. */
  void allow(int bytes) {
    maxBytes = bytes;
  }

  /** Of chunks, so far. */
  long bytesRead() {
    return bytesRead;
  }

  /** The next message that is whole, once it has taken effect on the chunks themselves. */
  RtmpMessage next() throws IOException {
    while (true) {
      RtmpMessage message = readChunk();
      if (message == null) {
        continue;
      }
      switch (message.type()) {
        case RtmpMessage.SET_CHUNK_SIZE -> chunkBytes = chunkSize(number(message));
        case RtmpMessage.ABORT -> abort(number(message));
        default -> {
          return message;
        }
      }
    }
  }

  private static int number(RtmpMessage message) throws MalformedRtmpException {
    if (message.payload().length < Integer.BYTES) {
      throw new MalformedRtmpException("a control message is cut off");
    }
    return ByteBuffer.wrap(message.payload()).getInt();
  }

  private static int chunkSize(int asked) throws MalformedRtmpException {
    if (asked < 1) {
      throw new MalformedRtmpException("chunk size " + asked);
    }
    return Math.min(asked, MAX_MESSAGE_BYTES); // no chunk is larger than its message
  }

  private void abort(int chunkStreamId) {
    ChunkStream stream = streams.get(chunkStreamId);
    if (stream != null && stream.payload != null) {
      pendingBytes -= stream.received;
      stream.payload = null;
    }
  }

  private RtmpMessage readChunk() throws IOException {
    int first = byte1();
    int format = first >> 6;
    ChunkStream stream = stream(chunkStreamId(first & 0x3f), format);
    readHeader(stream, format);
    readPayload(stream);
    return stream.received < stream.length ? null : complete(stream);
  }

  private int chunkStreamId(int low) throws IOException {
    return switch (low) {
      case 0 -> 64 + byte1();
      case 1 -> 64 + byte1() + (byte1() << 8);
      default -> low;
    };
  }

  private ChunkStream stream(int id, int format) throws MalformedRtmpException {
    ChunkStream stream = streams.get(id);
    if (stream != null) {
      return stream;
    }
    if (format > 1) { // librtmp begins with 1, which at least says length and type
      throw new MalformedRtmpException("chunk stream %d continues what never began".formatted(id));
    }
    if (streams.size() == MAX_CHUNK_STREAMS) {
      throw new MalformedRtmpException("more than %d chunk streams".formatted(MAX_CHUNK_STREAMS));
    }
    ChunkStream begun = new ChunkStream();
    streams.put(id, begun);
    return begun;
  }

  private void readHeader(ChunkStream stream, int format) throws IOException {
    boolean midMessage = stream.payload != null;
    if (midMessage && format != 3) {
      throw new MalformedRtmpException("a message begins within another");
    }
    int time = 0;
    if (format < 3) {
      time = byte3();
      stream.extended = time == EXTENDED;
    }
    if (format < 2) {
      stream.length = byte3();
      stream.type = byte1();
    }
    if (format == 0) {
      stream.streamId = Integer.reverseBytes(byte4());
    }
    if (stream.extended) {
      int extendedTime = byte4(); // in each chunk, even of type 3
      time = format < 3 ? extendedTime : time;
    }
    if (!midMessage) {
      begin(stream, format, time);
    }
  }

  private void begin(ChunkStream stream, int format, int time) throws MalformedRtmpException {
    if (stream.length > maxBytes) {
      throw new MalformedRtmpException(
          "a message of %d bytes, at most %d are taken".formatted(stream.length, maxBytes));
    }
    if (format == 0) {
      stream.timestampMs = time;
      stream.deltaMs = 0;
    } else {
      stream.deltaMs = format < 3 ? time : stream.deltaMs;
      stream.timestampMs += stream.deltaMs;
    }
    stream.payload = new byte[Math.min(stream.length, FIRST_ALLOCATION_BYTES)];
    stream.received = 0;
  }

  private void readPayload(ChunkStream stream) throws IOException {
    int count = Math.min(chunkBytes, stream.length - stream.received);
    pendingBytes += count;
    if (pendingBytes > maxBytes) {
      throw new MalformedRtmpException(
          "unfinished messages of more than %d bytes together".formatted(maxBytes));
    }
    int end = stream.received + count;
    while (stream.received < end) {
      if (stream.received == stream.payload.length) {
        int doubled = (int) Math.min(2L * stream.payload.length, stream.length);
        stream.payload = Arrays.copyOf(stream.payload, doubled);
      }
      int piece = Math.min(end, stream.payload.length) - stream.received;
      in.readFully(stream.payload, stream.received, piece);
      stream.received += piece;
    }
    bytesRead += count;
  }

  private RtmpMessage complete(ChunkStream stream) {
    byte[] payload = stream.payload;
    stream.payload = null;
    pendingBytes -= payload.length;
    return new RtmpMessage(stream.type, stream.timestampMs, stream.streamId, payload);
  }

  private int byte1() throws IOException {
    bytesRead++;
    return in.readUnsignedByte();
  }

  private int byte3() throws IOException {
    return byte1() << 16 | byte1() << 8 | byte1();
  }

  private int byte4() throws IOException {
    bytesRead += Integer.BYTES;
    return in.readInt();
  }
}
