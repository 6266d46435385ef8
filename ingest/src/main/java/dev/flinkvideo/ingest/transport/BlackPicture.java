package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;

/** Makes a black picture in 4:2:0; whoever asked for it frees it. */
final class BlackPicture {
  private static final int BLACK_LUMA = 16; // BT.601 and BT.709, studio swing
  private static final int NEUTRAL_CHROMA = 128;

  private BlackPicture() {}

  static AVFrame of(int widthPx, int heightPx, int pixelFormat) {
    AVFrame frame = av_frame_alloc();
    frame.width(widthPx).height(heightPx).format(pixelFormat);
    int error = av_frame_get_buffer(frame, /* align= */ 0);
    if (error < 0) {
      throw new IllegalStateException("black picture: " + Natives.describe(error));
    }
    int chromaHeightPx = (heightPx + 1) / 2;
    fill(frame, 0, heightPx, pixelFormat == AV_PIX_FMT_YUVJ420P ? 0 : BLACK_LUMA);
    fill(frame, 1, chromaHeightPx, NEUTRAL_CHROMA);
    fill(frame, 2, chromaHeightPx, NEUTRAL_CHROMA);
    return frame;
  }

  private static void fill(AVFrame frame, int plane, int rows, int value) {
    Pointer.memset(frame.data(plane), value, (long) frame.linesize(plane) * rows);
  }
}
