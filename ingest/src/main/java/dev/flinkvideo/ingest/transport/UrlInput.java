package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_READ;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_BUG;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A connection that libavformat holds. */
final class UrlInput implements ContainerInput {
  /** POLLING_TIME of libavformat/network.h, and of its SRT. */
  private static final Duration LOOKS_EVERY = Duration.ofMillis(100);

  private final String container;
  private final String url;
  private final Map<String, String> options;
  private final Duration goodbyeWithin;
  private final AVIOContext bytes = new AVIOContext(null);

  /**
   * @param options of the protocol; the place for secrets, which do not belong into a URL
   * @param goodbyeWithin an error sooner than this after the last packet is the peer's goodbye, a
   *     later one its death
   */
  UrlInput(String container, String url, Map<String, String> options, Duration goodbyeWithin) {
    this.container = container;
    this.url = url;
    this.options = options;
    this.goodbyeWithin = goodbyeWithin;
  }

  @Override
  public String container() {
    return container;
  }

  @Override
  public int connect(Pointer callee, long patienceNanos) {
    AVDictionary dictionary = new AVDictionary(null);
    options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
    try (AVIOInterruptCB interrupt = new AVIOInterruptCB()) {
      interrupt.callback(NativeCallbacks.INTERRUPT).opaque(callee);
      return avio_open2(bytes, url, AVIO_FLAG_READ, interrupt, dictionary);
    } finally {
      av_dict_free(dictionary);
    }
  }

  @Override
  public AVIOContext bytes() {
    return bytes;
  }

  @Override
  public int read(BytePointer into, int sizeBytes, long patienceNanos) {
    return AVERROR_BUG; // libavformat reads by itself
  }

  @Override
  public Duration looksEvery() {
    return LOOKS_EVERY;
  }

  @Override
  public Ending explain(int error, Duration silence) {
    String what = Natives.describe(error);
    if (silence == null) {
      return new Ending(EndReason.REFUSED, "not let in: " + what);
    }
    if (error == AVERROR_EOF) {
      return new Ending(EndReason.CLOSED, "the peer ended the stream");
    }
    if (error == AVERROR_INVALIDDATA) {
      return new Ending(EndReason.PROTOCOL_ERROR, container + ": " + what);
    }
    boolean goodbye = silence.compareTo(goodbyeWithin) < 0;
    return new Ending(goodbye ? EndReason.CLOSED : EndReason.LOST, what);
  }

  @Override
  public Optional<LinkStatistics> link() {
    return Optional.empty();
  }

  @Override
  public void stop() {
    // the interrupt callback does
  }

  @Override
  public void close() {
    avio_closep(bytes);
  }
}
