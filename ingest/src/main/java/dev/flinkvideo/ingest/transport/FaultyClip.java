package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.flinkvideo.protocol.ContentHash;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A clip whose picture goes black, then freezes, then comes back, by a schedule and for ever:
 * decoded and encoded again as it is asked for, several times faster than real time. One unit is
 * one picture; parameter sets are in the stream. One thread; closed by whoever opened it.
 */
public final class FaultyClip implements UnitSource {
  static {
    Natives.load(); // before a field of ours makes JavaCPP read its settings
  }

  private static final int KEY_INTERVAL_SECONDS = 2;

  private final FaultSchedule schedule;
  private final ClipPictures clip;
  private final AVFrame black;
  private final AVFrame shown = av_frame_alloc();
  private final PictureEncoder encoder;
  private final StreamFormat format;
  private final double secondsPerPicture;
  private final long keyInterval;

  private long pictures;
  private long lastKey = Long.MIN_VALUE;
  private boolean closed;

  /**
   * @throws UnreadableMediaException if the file is not video with 8 bits in 4:2:0
   */
  public FaultyClip(Path path, FaultSchedule schedule) throws IOException {
    this.schedule = schedule;
    clip = new ClipPictures(path);
    Rational rate = clip.rate();
    PictureFormat picture = clip.picture();
    try {
      encoder =
          new PictureEncoder(picture.widthPx(), picture.heightPx(), picture.pixelFormat(), rate);
    } catch (RuntimeException e) {
      av_frame_free(shown);
      clip.close();
      throw e;
    }
    black = BlackPicture.of(picture.widthPx(), picture.heightPx(), picture.pixelFormat());
    format = new StreamFormat(encoder.codec(), new byte[0], rate.denominator(), rate.numerator());
    secondsPerPicture = (double) rate.denominator() / rate.numerator();
    keyInterval = Math.max(1, Math.round(KEY_INTERVAL_SECONDS / secondsPerPicture));
  }

  @Override
  public StreamFormat format() {
    return format;
  }

  @Override
  public PictureFormat picture() {
    PictureFormat source = clip.picture();
    return new PictureFormat(
        source.widthPx(),
        source.heightPx(),
        source.pixelFormat(),
        encoder.profile(),
        /* level= */ -1,
        source.sampleAspect(),
        /* reorderDelay= */ 0);
  }

  /** The next picture; never null. */
  @Override
  public EncodedUnit next() throws IOException {
    if (closed) {
      throw new IllegalStateException("faulty clip is closed");
    }
    FaultSchedule.Shown now = schedule.at(pictures * secondsPerPicture);
    AVFrame frame = choose(now);
    // A key frame would refresh the picture that is to stand still.
    boolean keyDue = pictures == 0 || pictures - lastKey >= keyInterval;
    boolean key = keyDue && (now != FaultSchedule.Shown.FROZEN || pictures == 0);
    frame.pict_type(key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
    frame.pts(pictures);
    PictureEncoder.Encoded encoded = encoder.encode(frame);
    if (encoded.key()) {
      lastKey = pictures;
    }
    long hash = ContentHash.of(format.codec(), format.configuration(), encoded.data());
    EncodedUnit unit = new EncodedUnit(encoded.data(), pictures, pictures, encoded.key(), hash);
    pictures++;
    return unit;
  }

  @Override
  public long durationTicks() {
    return 1;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    av_frame_free(shown);
    av_frame_free(black);
    encoder.close();
    clip.close();
  }

  private AVFrame choose(FaultSchedule.Shown now) throws IOException {
    if (now == FaultSchedule.Shown.BLACK) {
      return black;
    }
    if (now == FaultSchedule.Shown.CLIP || pictures == 0) {
      av_frame_unref(shown);
      av_frame_ref(shown, clip.next());
    }
    return shown;
  }
}
