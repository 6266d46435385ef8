package dev.flinkvideo.operators.decode;

import org.apache.flink.core.memory.MemoryUtils;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;

/**
 * Reads pointers out of FFmpeg's structs without an object for each. The offsets are those of the
 * loaded presets.
 */
final class Struct {
  /** Planes of a picture, alpha included. */
  static final int FRAME_PLANES = 4;

  static final long FRAME_DATA;
  static final long FRAME_OPAQUE;
  static final long CONTEXT_OPAQUE;

  static {
    Ffmpeg.load();
    FRAME_DATA = Pointer.offsetof(AVFrame.class, "data");
    FRAME_OPAQUE = Pointer.offsetof(AVFrame.class, "opaque");
    CONTEXT_OPAQUE = Pointer.offsetof(AVCodecContext.class, "opaque");
  }

  private Struct() {}

  /** The pointer, or the id in the guise of one, at an offset of a struct. */
  static long pointer(Pointer struct, long offset) {
    return MemoryUtils.UNSAFE.getLong(struct.address() + offset);
  }
}
