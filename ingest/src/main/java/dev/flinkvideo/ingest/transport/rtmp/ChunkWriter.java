package dev.flinkvideo.ingest.transport.rtmp;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sends our few messages as chunks, each with a full header and flushed. A peer that has hung up
 * takes none, which is no reason to end: what it sent before is still to be read, and reading tells
 * how it ended. Of one thread.
 */
final class ChunkWriter {
  private static final int CONTROL = 2;
  private static final int COMMANDS = 3;
  private static final int DEFAULT_CHUNK_BYTES = 128;
  private static final int CHUNK_BYTES = 4096;

  private final DataOutputStream out;
  private int chunkBytes = DEFAULT_CHUNK_BYTES;
  private boolean hungUp;

  ChunkWriter(DataOutputStream out) {
    this.out = out;
  }

  void command(int streamId, Object... values) {
    write(COMMANDS, RtmpMessage.COMMAND_AMF0, streamId, Amf0.write(values));
  }

  void control(int type, byte[] payload) {
    write(CONTROL, type, 0, payload);
  }

  void control(int type, int value) {
    control(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /** Tells the peer that chunks become longer, which saves headers. */
  void enlargeChunks() {
    control(RtmpMessage.SET_CHUNK_SIZE, CHUNK_BYTES);
    chunkBytes = CHUNK_BYTES;
  }

  private void write(int chunkStreamId, int type, int streamId, byte[] payload) {
    if (hungUp) {
      return;
    }
    try {
      writeChunks(chunkStreamId, type, streamId, payload);
    } catch (IOException e) {
      hungUp = true;
    }
  }

  private void writeChunks(int chunkStreamId, int type, int streamId, byte[] payload)
      throws IOException {
    out.write(chunkStreamId);
    out.write(new byte[3]); // time
    out.write(payload.length >> 16);
    out.writeShort(payload.length);
    out.write(type);
    out.writeInt(Integer.reverseBytes(streamId));
    for (int at = 0; at < payload.length; at += chunkBytes) {
      if (at > 0) {
        out.write(0xc0 | chunkStreamId);
      }
      out.write(payload, at, Math.min(chunkBytes, payload.length - at));
    }
    out.flush();
  }
}
