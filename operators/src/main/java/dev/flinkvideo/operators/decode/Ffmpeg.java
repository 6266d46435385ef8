package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.flinkvideo.protocol.EncodedUnit;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecDescriptor;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * Loads FFmpeg once per class loader, set up so that nothing native is left to the collector. Any
 * thread.
 *
 * <p>FFmpeg's own log stays quiet: a damaged stream writes hundreds of lines, and all of it is
 * counted anyway. {@code -Dflinkvideo.ffmpeg.loglevel=48} shows it (see libavutil/log.h for the
 * numbers).
 */
public final class Ffmpeg {
  static {
    // Read by JavaCPP's Pointer when it is initialised, so they are set before it is touched.
    // Without the first, native
    // objects wait for a collection; the others compare the process's RSS with 4 x Xmx and call
    // System.gc() above it.
    setDefault("org.bytedeco.javacpp.nopointergc", "true");
    setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setDefault("org.bytedeco.javacpp.maxBytes", "0");
    Loader.load(avutil.class);
    Loader.load(avcodec.class);
    Loader.load(avformat.class);
    avutil.av_log_set_level(Integer.getInteger("flinkvideo.ffmpeg.loglevel", AV_LOG_FATAL));
    if (AV_NOPTS_VALUE != EncodedUnit.NO_TIME) {
      throw new IllegalStateException("AV_NOPTS_VALUE=" + AV_NOPTS_VALUE + " is not NO_TIME");
    }
  }

  private Ffmpeg() {}

  /** Loads the libraries if that is still to be done: 0.5 to 1.5 s the first time. */
  public static void load() {}

  /**
   * The decoder for a codec of this name.
   *
   * @throws UnsupportedStreamException if there is none that writes into buffers of ours
   */
  static AVCodec decoder(String name) throws UnsupportedStreamException {
    AVCodecDescriptor descriptor = avcodec.avcodec_descriptor_get_by_name(name);
    if (descriptor == null || descriptor.type() != avutil.AVMEDIA_TYPE_VIDEO) {
      throw new UnsupportedStreamException("codec=" + name + " is no video codec FFmpeg knows");
    }
    AVCodec codec = avcodec.avcodec_find_decoder(descriptor.id());
    if (codec == null || (codec.capabilities() & avcodec.AV_CODEC_CAP_DR1) == 0) {
      throw new UnsupportedStreamException(
          "codec=" + name + " has no decoder in this FFmpeg build that writes into pooled frames");
    }
    return codec;
  }

  /** FFmpeg's text for an error code. */
  static String message(int error) {
    byte[] text = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
    avutil.av_strerror(error, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, java.nio.charset.StandardCharsets.UTF_8);
  }

  /**
   * An integer in the guise of a {@code void *}, for opaque fields. Ids start at 1: JavaCPP reads 0
   * as null.
   */
  static final class Id extends Pointer {
    Id(long id) {
      set(id);
    }

    void set(long id) {
      address = id;
    }
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
