package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A {@link VideoDecoder} that may be closed at any time between two access units, and comes back
 * from the {@link Prefix} exactly where it was: pictures that were shown before stay unseen.
 * Belongs to one {@link StreamDecoder}, which says what is decoded; task thread only.
 */
final class ResumableDecoder implements AutoCloseable {
  /** Takes each picture that was not shown before. */
  interface Shower {
    void show(SentUnit unit, DecodedFrame decoded, StreamFormat format);
  }

  private final String session;
  private final FramePool pool;
  private final Set<String> codecs;
  private final BooleanSupplier makeRoom;
  private final Shower shower;
  private final PendingPictures pending = new PendingPictures();
  private final Prefix prefix;

  private VideoDecoder decoder;
  private StreamFormat format;

  /** The first access unit that the decoder got. */
  private SentUnit start;

  /** Since then the decoder had to conceal something, or refused an access unit. */
  private boolean metDamage;

  /** Pictures the last decoder held back, as far as it knew when it was closed. */
  private int lastReorderDelay;

  /** The stream has sent parameter sets of its own, so a start needs them in its key frame. */
  private boolean parameterSetsInBand;

  /** Why the last decoder could not be opened. */
  private String cannotOpen;

  /**
   * @param makeRoom closes a decoder that is not needed now; false if there is none
   */
  ResumableDecoder(String session, DecodeContext context, BooleanSupplier makeRoom, Shower shower) {
    this.session = session;
    this.pool = context.pool();
    this.codecs = context.codecs();
    this.makeRoom = makeRoom;
    this.shower = shower;
    this.prefix = new Prefix(context.prefixBudget());
  }

  /** What comes next is encoded so; before its first access unit. */
  void begin(StreamFormat newFormat) {
    format = newFormat;
  }

  StreamFormat format() {
    return format;
  }

  /** What it needs to come back; an access unit is added before it is decoded. */
  Prefix prefix() {
    return prefix;
  }

  /** It has got access units since {@link #forget}. */
  boolean isStarted() {
    return decoder != null || !prefix.isEmpty();
  }

  boolean isOpen() {
    return decoder != null;
  }

  /** Decodes the newest access unit of the prefix; comes back first if it was closed. */
  Outcome decode(SentUnit newest) {
    if (decoder == null) {
      return replay();
    }
    Outcome outcome = send(newest);
    return isDecoding(outcome) && remembersTooMuch() ? replay() : outcome;
  }

  /**
   * Begins with the prefix's newest access unit, a key frame that {@link #canStartAt} said can be
   * begun with; with the whole prefix if the key frame turns out to be broken.
   */
  Outcome decodeFrom(SentUnit key) {
    Outcome outcome = sendAll(List.of(key));
    return isDecoding(outcome) && remembersTooMuch() ? replay() : outcome;
  }

  /** A fresh decoder takes the whole prefix. */
  Outcome replay() {
    Outcome outcome;
    do {
      outcome = sendAll(prefix.units());
    } while (isDecoding(outcome) && remembersTooMuch()); // the prefix has become shorter
    return outcome;
  }

  private Outcome sendAll(List<SentUnit> units) {
    close();
    start = units.get(0);
    metDamage = false;
    try {
      decoder = open();
    } catch (UnsupportedStreamException e) {
      cannotOpen = e.getMessage();
      return Outcome.UNSUPPORTED;
    }
    Outcome outcome = Outcome.ACCEPTED;
    for (SentUnit unit : units) {
      outcome = send(unit);
      if (!isDecoding(outcome) || remembersTooMuch()) {
        return outcome;
      }
    }
    return outcome;
  }

  /**
   * Damage is concealed with what is remembered, be it from before the prefix; a decoder that comes
   * back knows only the prefix. So from the first damage on only such a one will do, and nothing
   * that was concealed otherwise is shown.
   */
  private boolean remembersTooMuch() {
    return metDamage && prefix.isComplete() && start != prefix.first();
  }

  /** The same, as often as another decoder can be closed to make room. */
  Outcome replayWithRoom() {
    Outcome outcome = Outcome.OVER_BUDGET;
    while (outcome == Outcome.OVER_BUDGET && prefix.isComplete() && makeRoom.getAsBoolean()) {
      outcome = replay();
    }
    return outcome;
  }

  /** Shows the pictures held back for reordering, and gives the slots back. */
  void drain() {
    if (decoder == null
        && prefix.hasUnshown()
        && !isDecoding(replay())
        && !isDecoding(replayWithRoom())) {
      close(); // the next access unit tries again
      return;
    }
    while (decoder != null && !pending.isEmpty()) {
      decoder.drain();
      receive();
      if (!remembersTooMuch()) {
        break;
      }
      replay();
    }
    prefix.markAllShown();
    suspend();
  }

  /** Gives the slots back; the next access unit brings the decoder back where it was. */
  void suspend() {
    close();
    if (!prefix.isComplete()) {
      prefix.clear();
    }
  }

  /** Nothing of what was decoded is needed any more. */
  void forget() {
    close();
    prefix.clear();
    lastReorderDelay = 0;
    parameterSetsInBand = false;
  }

  /** The slots are back; what comes next needs the prefix. */
  @Override
  public void close() {
    if (decoder != null) {
      lastReorderDelay = decoder.delayFrames();
      decoder.close();
      decoder = null;
    }
    pending.clear();
  }

  /** A fresh decoder can begin with this key frame, and none after it refers to before it. */
  boolean canStartAt(SentUnit key) {
    PictureHeader header = PictureHeader.of(format, key.data());
    return header.closed() && isStart(header);
  }

  /** What a decoder that begins with this key frame knows of the one before. */
  void startAt(SentUnit key) {
    key.reorderDelay(lastReorderDelay);
  }

  /** What the pool said when it last could not carry the decoder, which is open still. */
  String exhaustion() {
    return decoder.exhaustion();
  }

  /** Why it is {@link Outcome#UNSUPPORTED}. */
  String whyUnsupported() {
    return decoder == null
        ? cannotOpen
        : "its pixel format is none of planar YUV, grey or RGB of 8 to 16 bits";
  }

  int reorderDelay() {
    return decoder != null ? decoder.delayFrames() : lastReorderDelay;
  }

  boolean parameterSetsInBand() {
    return parameterSetsInBand;
  }

  /** Takes up where another stood; before the first access unit. */
  void restore(StreamFormat restored, int reorderDelay, boolean inBand) {
    format = restored;
    lastReorderDelay = reorderDelay;
    parameterSetsInBand = inBand;
  }

  private static boolean isDecoding(Outcome outcome) {
    return outcome == Outcome.ACCEPTED || outcome == Outcome.CORRUPT;
  }

  private VideoDecoder open() throws UnsupportedStreamException {
    if (!codecs.contains(format.codec())) {
      throw new UnsupportedStreamException(
          "codec=%s is not one of decode.codecs=%s".formatted(format.codec(), codecs));
    }
    return new VideoDecoder(format, pool, session, start.reorderDelay());
  }

  private Outcome send(SentUnit unit) {
    unit.reorderDelay(decoder.delayFrames());
    long tag = pending.add(unit);
    EncodedPicture picture = unit.picture();
    Outcome outcome = decoder.send(unit.data(), picture.pts(), unit.dts(), picture.key(), tag);
    if (outcome != Outcome.ACCEPTED) {
      pending.take(tag);
      metDamage = true;
    }
    receive();
    return outcome == Outcome.ACCEPTED ? decoder.lateOutcome() : outcome;
  }

  private void receive() {
    for (DecodedFrame next; (next = decoder.receive()) != null; ) {
      try (DecodedFrame decoded = next) {
        metDamage |= decoded.damaged();
        if (remembersTooMuch()) {
          return;
        }
        SentUnit unit = pending.take(decoded.tag());
        if (unit != null) {
          cameOut(unit, decoded);
        }
      }
    }
  }

  private void cameOut(SentUnit unit, DecodedFrame decoded) {
    if (!unit.isShown()) {
      unit.markShown();
      shower.show(unit, decoded, format);
    }
    if (unit.picture().key() && !decoded.damaged()) {
      PictureHeader header = PictureHeader.of(format, unit.data());
      parameterSetsInBand |= header.parameterSets();
      boolean isWhole = decoded.key() || !header.closed(); // else its own header is broken
      if (isWhole && isStart(header)) {
        prefix.wholeKeyFrame(unit, header.closed());
      }
    }
  }

  private boolean isStart(PictureHeader header) {
    return header.parameterSets() || !parameterSetsInBand;
  }
}
