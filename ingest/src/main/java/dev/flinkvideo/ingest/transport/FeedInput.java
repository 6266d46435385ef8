package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.time.Duration;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A connection that Java holds: libavformat asks us for each piece. Closes the feed. */
final class FeedInput implements ContainerInput {
  private static final int BUFFER_BYTES = 32 * 1024;

  private final ByteFeed feed;
  private final String container;
  private AVIOContext bytes;

  FeedInput(ByteFeed feed, String container) {
    this.feed = feed;
    this.container = container;
  }

  @Override
  public String container() {
    return container;
  }

  @Override
  public int connect(Pointer callee, long patienceNanos) {
    if (!feed.connect(patienceNanos)) {
      return AVERROR_EXIT;
    }
    bytes =
        avio_alloc_context(
            new BytePointer(av_malloc(BUFFER_BYTES)),
            BUFFER_BYTES,
            /* write_flag= */ 0,
            callee,
            NativeCallbacks.READ,
            /* write= */ null,
            /* seek= */ null);
    return 0;
  }

  @Override
  public int awaitBytes(long patienceNanos) {
    return feed.awaitBytes(patienceNanos) ? 0 : AVERROR_EOF;
  }

  @Override
  public AVIOContext bytes() {
    return bytes;
  }

  @Override
  public int read(BytePointer into, int sizeBytes, long patienceNanos) {
    int read = feed.read(into.capacity(sizeBytes).asByteBuffer(), patienceNanos);
    return read == ByteFeed.END ? AVERROR_EOF : read;
  }

  @Override
  public Ending explain(int error, Duration silence) {
    Ending ending = feed.ending();
    return ending != null
        ? ending
        : new Ending(
            EndReason.PROTOCOL_ERROR, "%s: %s".formatted(container, Natives.describe(error)));
  }

  @Override
  public Duration heldBack() {
    return feed.heldBack();
  }

  @Override
  public Optional<LinkStatistics> link() {
    return feed.link();
  }

  @Override
  public void stop() {
    feed.close();
  }

  @Override
  public void close() {
    feed.close();
    if (bytes != null) {
      av_free(bytes.buffer()); // libavformat may have replaced the one we gave
      avio_context_free(bytes);
      bytes = null;
    }
  }
}
