package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The decoder of one session over changes of codec, losses and a full pool. Opens a {@link
 * VideoDecoder} at the first key frame, replaces it when the stream's format changes, and closes it
 * when the pool cannot carry it. Task thread only.
 *
 * <pre>
 *            key frame                      loss, over budget, unsupported
 *   waiting ----------> decoding pictures ---------------------------------> waiting
 *                        |    ^ another format: show what is held, open anew
 *                        +----+
 * </pre>
 */
final class StreamDecoder implements AutoCloseable {
  /** What was not decoded, and what the session must hear about. */
  interface Trouble {
    void dropped(EncodedPicture picture, DropReason reason, String message);

    void unsupported(EncodedPicture picture, String message);

    void overBudget(EncodedPicture picture, String message);
  }

  private final String session;
  private final FramePool pool;
  private final Set<String> codecs;
  private final BooleanSupplier makeRoom;
  private final PictureHandler pictures;
  private final Trouble trouble;
  private final PendingPictures pending = new PendingPictures();

  private VideoDecoder decoder;
  private StreamFormat format;
  private StreamFormat refused;
  private boolean waitingForKeyFrame = true;
  private boolean overBudgetReported;
  private boolean drained;

  /**
   * @param makeRoom closes a decoder that is not needed now; false if there is none
   */
  StreamDecoder(
      String session,
      FramePool pool,
      Set<String> codecs,
      BooleanSupplier makeRoom,
      PictureHandler pictures,
      Trouble trouble) {
    this.session = session;
    this.pool = pool;
    this.codecs = codecs;
    this.makeRoom = makeRoom;
    this.pictures = pictures;
    this.trouble = trouble;
  }

  void decode(EncodedPicture picture, ByteBuffer unit, long dts, StreamFormat unitFormat) {
    if (unitFormat.equals(refused)) {
      trouble.dropped(picture, DropReason.CODEC_UNKNOWN, null);
      return;
    }
    if (decoder != null && (drained || !unitFormat.equals(format))) {
      drain();
      close();
    }
    if (waitingForKeyFrame && !picture.key()) {
      trouble.dropped(picture, DropReason.WAITING_FOR_KEY_FRAME, null);
      return;
    }
    if (decoder == null && !open(picture, unitFormat)) {
      return;
    }
    Outcome outcome = send(picture, unit, dts);
    if (outcome == Outcome.OVER_BUDGET && picture.key() && retryWithRoom(picture, unitFormat)) {
      outcome = send(picture, unit, dts);
    }
    settle(picture, outcome);
  }

  /**
   * Shows the pictures held back for reordering. What comes next must be a key frame, unless
   * nothing was held back.
   */
  void drain() {
    if (decoder == null || drained || pending.isEmpty()) {
      return;
    }
    drained = true;
    decoder.drain();
    receive();
    pending.clear();
  }

  /**
   * What comes next does not continue what came before: shows what is held back and waits for a key
   * frame.
   */
  void restart() {
    drain();
    close();
    pictures.discontinuity();
  }

  boolean isOpen() {
    return decoder != null;
  }

  /** Closes the decoder and gives its slots back; the session goes on at its next key frame. */
  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
    pending.clear();
    drained = false;
    waitingForKeyFrame = true;
  }

  private boolean open(EncodedPicture picture, StreamFormat unitFormat) {
    try {
      if (!codecs.contains(unitFormat.codec())) {
        throw new UnsupportedStreamException(
            "codec=%s is not one of decode.codecs=%s".formatted(unitFormat.codec(), codecs));
      }
      decoder = new VideoDecoder(unitFormat, pool, session);
      format = unitFormat;
      refused = null;
      return true;
    } catch (UnsupportedStreamException e) {
      refuse(picture, unitFormat, e.getMessage());
      return false;
    }
  }

  private Outcome send(EncodedPicture picture, ByteBuffer unit, long dts) {
    waitingForKeyFrame = false;
    long tag = pending.add(picture);
    Outcome outcome = decoder.send(unit, picture.pts(), dts, picture.key(), tag);
    if (outcome != Outcome.ACCEPTED) {
      pending.take(tag);
    }
    receive();
    return outcome == Outcome.ACCEPTED ? decoder.lateOutcome() : outcome;
  }

  /**
   * The old size's slots may still be held, or idle decoders hold theirs: give both back and start
   * with this key frame.
   */
  private boolean retryWithRoom(EncodedPicture picture, StreamFormat unitFormat) {
    close();
    makeRoom.getAsBoolean();
    return open(picture, unitFormat);
  }

  private void receive() {
    for (DecodedFrame next; (next = decoder.receive()) != null; ) {
      try (DecodedFrame decoded = next) {
        EncodedPicture picture = pending.take(decoded.tag());
        if (picture != null) {
          overBudgetReported = false;
          pictures.picture(picture, decoded, format);
        }
      }
    }
  }

  private void settle(EncodedPicture picture, Outcome outcome) {
    switch (outcome) {
      case ACCEPTED -> {}
      case CORRUPT -> trouble.dropped(picture, DropReason.CORRUPT, null);
      case OVER_BUDGET, LARGER_THAN_POOL -> giveUp(picture, outcome);
      case UNSUPPORTED -> {
        close();
        refuse(
            picture, format, "its pixel format is none of planar YUV, grey or RGB of 8 to 16 bits");
      }
    }
  }

  private void giveUp(EncodedPicture picture, Outcome outcome) {
    String sizes = decoder.exhaustion();
    close();
    pictures.discontinuity();
    String message =
        outcome == Outcome.LARGER_THAN_POOL
            ? "its pictures need more than the whole frame pool, %s: raise taskmanager.memory.managed.size"
                .formatted(sizes)
            : "the frame pool is full, %s: raise taskmanager.memory.managed.size or the parallelism"
                .formatted(sizes);
    trouble.dropped(picture, DropReason.OVER_BUDGET, message);
    if (!overBudgetReported) {
      overBudgetReported = true;
      trouble.overBudget(picture, message);
    }
  }

  private void refuse(EncodedPicture picture, StreamFormat unitFormat, String why) {
    refused = unitFormat;
    trouble.unsupported(picture, why);
    trouble.dropped(picture, DropReason.CODEC_UNKNOWN, null);
  }
}
