package dev.flinkvideo.benchmarks;

import java.awt.image.BufferedImage;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.bytedeco.javacv.Java2DFrameConverter;

/**
 * What one writes with JavaCV when a stream of pictures is wanted: grab, convert, and copy, because
 * the next grab overwrites the image. It reads the file itself, which is a few per cent of what it
 * costs.
 */
final class JavaCvDecode implements Variant {
  private final String name;
  private final FFmpegFrameGrabber grabber;
  private final Java2DFrameConverter converter = new Java2DFrameConverter();

  /** Reachable until the next one, so that the copy cannot be optimised away. */
  private BufferedImage last;

  JavaCvDecode(String name, EncodedClip clip) throws FFmpegFrameGrabber.Exception {
    this.name = name;
    this.grabber = new FFmpegFrameGrabber(clip.file().toFile());
    grabber.setVideoOption("threads", "1"); // others would be on no account of this thread
    grabber.start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int decode(int from, int to) {
    int pictures = 0;
    while (pictures < to - from && grab()) {
      pictures++;
    }
    return pictures;
  }

  @Override
  public int drain() {
    int pictures = 0;
    while (grab()) {
      pictures++;
    }
    return pictures;
  }

  @Override
  public void rewind() {
    try {
      grabber.restart(); // seeking to picture 0 sometimes gives picture 1
    } catch (FrameGrabber.Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      converter.close();
      grabber.close();
    } catch (FrameGrabber.Exception e) {
      throw new IllegalStateException(e);
    }
  }

  int lastWidthPx() {
    return last.getWidth();
  }

  private boolean grab() {
    try {
      Frame frame = grabber.grabImage();
      if (frame == null) {
        return false;
      }
      last = Java2DFrameConverter.cloneBufferedImage(converter.convert(frame));
      return true;
    } catch (FrameGrabber.Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
