package dev.flinkvideo.ingest.transport.rtmp;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends our few messages as chunks, each with a full header and flushed. Of one thread. */
final class ChunkWriter {
  private static final int CONTROL = 2;
  private static final int COMMANDS = 3;
  private static final int DEFAULT_CHUNK_BYTES = 128;
  private static final int CHUNK_BYTES = 4096;

  private final DataOutputStream out;
  private int chunkBytes = DEFAULT_CHUNK_BYTES;

  ChunkWriter(DataOutputStream out) {
    this.out = out;
  }

  void command(int streamId, Object... values) throws IOException {
    write(COMMANDS, RtmpMessage.COMMAND_AMF0, streamId, Amf0.write(values));
  }

  void control(int type, byte[] payload) throws IOException {
    write(CONTROL, type, 0, payload);
  }

  void control(int type, int value) throws IOException {
    control(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /** Tells the peer that chunks become longer, which saves headers. */
  void enlargeChunks() throws IOException {
    control(RtmpMessage.SET_CHUNK_SIZE, CHUNK_BYTES);
    chunkBytes = CHUNK_BYTES;
  }

  private void write(int chunkStreamId, int type, int streamId, byte[] payload) throws IOException {
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
