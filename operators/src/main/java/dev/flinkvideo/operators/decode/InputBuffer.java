package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_allocz;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_is_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_unref;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.javacpp.BytePointer;

/**
 * One native copy of the access unit being decoded, reused while the codec does not hold it. Task
 * thread only; belongs to its {@link VideoDecoder}.
 */
final class InputBuffer implements AutoCloseable {
  private static final int LEAST_BYTES = 64 << 10;

  private AVBufferRef buffer;
  private BytePointer data;
  private ByteBuffer view;

  /** Makes the packet refer to a copy of the access unit, from its position to its limit. */
  void fill(AVPacket packet, ByteBuffer unit) {
    int bytes = unit.remaining();
    if (buffer == null
        || view.capacity() < bytes + AV_INPUT_BUFFER_PADDING_SIZE
        || av_buffer_is_writable(buffer) == 0) {
      renew(bytes);
    }
    view.put(0, unit, unit.position(), bytes);
    for (int i = 0; i < AV_INPUT_BUFFER_PADDING_SIZE; i += Long.BYTES) {
      view.putLong(bytes + i, 0);
    }
    packet.buf(av_buffer_ref(buffer));
    packet.data(data);
    packet.size(bytes);
  }

  private void renew(int bytes) {
    close();
    int capacity = Math.max(LEAST_BYTES, bytes + bytes / 2) + AV_INPUT_BUFFER_PADDING_SIZE;
    buffer = av_buffer_allocz(capacity);
    if (buffer == null) {
      throw new OutOfMemoryError("no %d bytes for an access unit".formatted(capacity));
    }
    data = buffer.data();
    view = data.capacity(capacity).asByteBuffer();
  }

  @Override
  public void close() {
    if (buffer != null) {
      av_buffer_unref(buffer);
      buffer = null;
    }
  }
}
