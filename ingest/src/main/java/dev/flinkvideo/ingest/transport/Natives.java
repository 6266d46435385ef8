package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.javacpp.Loader;

/**
 * Loads FFmpeg's libraries once per process, in the one way that suits us. Whatever of this package
 * is first to touch FFmpeg (opening a file, muxing) calls {@link #load} before. Any thread.
 */
final class Natives {
  /** One of FFmpeg's AV_LOG_ numbers; default AV_LOG_FATAL (8), 48 shows everything. */
  static final String LOG_LEVEL_PROPERTY = "flinkvideo.ffmpeg.loglevel";

  private static final int ERROR_TEXT_BYTES = 128;

  private static boolean loaded;

  private Natives() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    // JavaCPP reads these when its first class is initialised. Without them it leaves natives to
    // the collector, and above 4 x -Xmx of resident memory each allocation runs System.gc() ten
    // times and then throws OutOfMemoryError.
    setUnlessSet("org.bytedeco.javacpp.nopointergc", "true");
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
    Loader.load(avcodec.class);
    Loader.load(avformat.class);
    av_log_set_level(Integer.getInteger(LOG_LEVEL_PROPERTY, AV_LOG_FATAL));
    loaded = true;
  }

  /** FFmpeg's own words for one of its error codes. */
  static String describe(int error) {
    byte[] text = new byte[ERROR_TEXT_BYTES];
    av_strerror(error, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
