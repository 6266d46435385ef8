package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The decoder of one session over changes of codec, losses, a full pool and failures. It is
 * virtual: the {@link VideoDecoder} behind it may be closed at any time between two access units,
 * and comes back from the {@link Prefix} exactly where it was. Task thread only.
 *
 * <pre>
 *            key frame              no room, stall, restore
 *   waiting ----------> decoding ----------------------------> suspended
 *      ^                 |    ^                                 |    |
 *      |  loss, prefix   |    +---- next access unit: prefix ---+    |
 *      +--- too long, ---+          decoded again, unseen            |
 *           refused                                                  |
 *      +-------------------------------------------------------------+
 * </pre>
 */
final class StreamDecoder implements AutoCloseable {
  /** What was not decoded, and what the session must hear about. */
  interface Trouble {
    void dropped(EncodedPicture picture, DropReason reason, String message);

    void unsupported(EncodedPicture picture, String message);

    void overBudget(EncodedPicture picture, String message);

    void notRecoverable(EncodedPicture picture, String message);
  }

  private final String session;
  private final FramePool pool;
  private final Set<String> codecs;
  private final BooleanSupplier makeRoom;
  private final PictureHandler pictures;
  private final Trouble trouble;
  private final PendingPictures pending = new PendingPictures();
  private final PictureSelection selection = new PictureSelection();
  private final Prefix prefix;

  private VideoDecoder decoder;
  private StreamFormat format;
  private StreamFormat refused;

  /** Pictures the last decoder held back, as far as it knew when it was closed. */
  private int lastReorderDelay;

  /** The stream has sent parameter sets of its own, so a start needs them in its key frame. */
  private boolean parameterSetsInBand;

  private boolean overBudgetReported;

  /** Why the last decoder could not be opened. */
  private String cannotOpen;

  /**
   * @param makeRoom closes a decoder that is not needed now; false if there is none
   */
  StreamDecoder(
      String session,
      DecodeContext context,
      BooleanSupplier makeRoom,
      PictureHandler pictures,
      Trouble trouble) {
    this.session = session;
    this.pool = context.pool();
    this.codecs = context.codecs();
    this.makeRoom = makeRoom;
    this.pictures = pictures;
    this.trouble = trouble;
    this.prefix = new Prefix(context.prefixBudget());
  }

  void decode(SentUnit unit, StreamFormat unitFormat) {
    EncodedPicture picture = unit.picture();
    if (unitFormat.equals(refused)) {
      trouble.dropped(picture, DropReason.CODEC_UNKNOWN, null);
      return;
    }
    if (selection.leavesOut(unit, unitFormat)) {
      if (!unit.isShown()) {
        trouble.dropped(picture, selection.leftOutAs(), null);
      }
      return;
    }
    if (isStarted() && !unitFormat.equals(format)) {
      drain();
      forget();
    }
    if (selection.fidelity() == Fidelity.KEY) {
      pictures.discontinuity();
    }
    if (!isStarted()) {
      if (!picture.key()) {
        pictures.discontinuity();
        trouble.dropped(picture, DropReason.WAITING_FOR_KEY_FRAME, null);
        return;
      }
      format = unitFormat;
    }
    if (decoder == null && picture.key() && !prefix.hasUnshown() && isClosedStart(unit)) {
      startAt(unit); // nothing of what was before is needed any more
    }
    keep(unit);
    if (decoder == null && !prefix.isComplete()) {
      forget(); // this very access unit made the prefix too long
      trouble.dropped(picture, DropReason.WAITING_FOR_KEY_FRAME, null);
      return;
    }
    Outcome outcome = decoder != null ? send(unit) : replay();
    if (outcome == Outcome.OVER_BUDGET && picture.key() && unit != prefix.first()) {
      outcome = startAnewAt(unit);
    }
    settle(unit, outcome == Outcome.OVER_BUDGET ? replayWithRoom() : outcome);
    if (selection.fidelity() == Fidelity.KEY) {
      drain();
      prefix.clear();
    }
  }

  /** Chooses which pictures are decoded; what is held back is shown before most are left out. */
  void choose(Fidelity to, DropReason dropReason) {
    if (selection.isFewer(to) && to.compareTo(Fidelity.KEY) >= 0) {
      drain();
      forget();
    }
    selection.choose(to, dropReason);
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
    if (decoder != null && !pending.isEmpty()) {
      decoder.drain();
      receive();
    }
    prefix.markAllShown();
    suspend();
  }

  /**
   * What comes next does not continue what came before: shows what is held back and waits for a key
   * frame.
   */
  void restart() {
    drain();
    forget();
    pictures.discontinuity();
  }

  /**
   * Another decoder will get access units that this one got, from the key frame with this time
   * stamp on. Shows the pictures held back that come before the key frame, or that the other
   * decoder may not be able to decode because they refer to what was before it; forgets everything.
   *
   * @return the time stamps of pictures held back from the key frame on: the other decoder shows
   *     them
   */
  Set<Long> handOver(long keyPts) {
    List<SentUnit> units =
        prefix.isComplete() && keyPts != EncodedUnit.NO_TIME ? prefix.units() : List.of();
    boolean repeated = units.stream().noneMatch(unit -> unit.picture().pts() == keyPts);
    long newestShownPts =
        units.stream()
            .filter(SentUnit::isShown)
            .mapToLong(unit -> unit.picture().pts())
            .max()
            .orElse(EncodedUnit.NO_TIME);
    Set<Long> heldBack = new HashSet<>();
    for (SentUnit unit : units) {
      long pts = unit.picture().pts();
      repeated |= pts == keyPts;
      if (repeated && !unit.isShown() && pts >= keyPts && pts > newestShownPts) {
        heldBack.add(pts);
        unit.markShown();
      }
    }
    drain();
    forget();
    return heldBack;
  }

  /** What it got last came on this connection. */
  boolean isOf(long epoch, long openedAtMs) {
    SentUnit last = prefix.last();
    return last != null
        && last.picture().epoch() == epoch
        && last.picture().openedAtMs() == openedAtMs;
  }

  boolean isOpen() {
    return decoder != null;
  }

  /** Gives the slots back; the next access unit brings the decoder back where it was. */
  void suspend() {
    close();
    if (!prefix.isComplete()) {
      prefix.clear();
    }
  }

  @Override
  public void close() {
    if (decoder != null) {
      lastReorderDelay = decoder.delayFrames();
      decoder.close();
      decoder = null;
    }
    pending.clear();
  }

  Prefix prefix() {
    return prefix;
  }

  StreamFormat format() {
    return format;
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

  private boolean isStarted() {
    return decoder != null || !prefix.isEmpty();
  }

  private void forget() {
    close();
    prefix.clear();
    lastReorderDelay = 0;
    parameterSetsInBand = false;
  }

  private void keep(SentUnit unit) {
    String tooLong = prefix.add(unit, format);
    if (tooLong != null) {
      trouble.notRecoverable(
          unit.picture(),
          tooLong
              + ": after a failure this session waits for its next key frame. Let the encoder send key frames more"
              + " often (every 2 s is usual), or raise the option");
    }
  }

  /** A fresh decoder takes the whole prefix; pictures that were shown before stay unseen. */
  private Outcome replay() {
    close();
    try {
      decoder = open();
    } catch (UnsupportedStreamException e) {
      cannotOpen = e.getMessage();
      return Outcome.UNSUPPORTED;
    }
    Outcome outcome = Outcome.ACCEPTED;
    for (SentUnit unit : prefix.units()) {
      outcome = send(unit);
      if (!isDecoding(outcome)) {
        return outcome;
      }
    }
    return outcome;
  }

  /** The same, as often as another decoder can be closed to make room. */
  private Outcome replayWithRoom() {
    Outcome outcome = Outcome.OVER_BUDGET;
    while (outcome == Outcome.OVER_BUDGET && prefix.isComplete() && makeRoom.getAsBoolean()) {
      outcome = replay();
    }
    return outcome;
  }

  private static boolean isDecoding(Outcome outcome) {
    return outcome == Outcome.ACCEPTED || outcome == Outcome.CORRUPT;
  }

  private VideoDecoder open() throws UnsupportedStreamException {
    if (!codecs.contains(format.codec())) {
      throw new UnsupportedStreamException(
          "codec=%s is not one of decode.codecs=%s".formatted(format.codec(), codecs));
    }
    return new VideoDecoder(format, pool, session, prefix.first().reorderDelay());
  }

  private Outcome send(SentUnit unit) {
    unit.reorderDelay(decoder.delayFrames());
    long tag = pending.add(unit);
    EncodedPicture picture = unit.picture();
    Outcome outcome = decoder.send(unit.data(), picture.pts(), unit.dts(), picture.key(), tag);
    if (outcome != Outcome.ACCEPTED) {
      pending.take(tag);
    }
    receive();
    return outcome == Outcome.ACCEPTED ? decoder.lateOutcome() : outcome;
  }

  private void receive() {
    for (DecodedFrame next; (next = decoder.receive()) != null; ) {
      try (DecodedFrame decoded = next) {
        SentUnit unit = pending.take(decoded.tag());
        if (unit != null) {
          show(unit, decoded);
        }
      }
    }
  }

  private void show(SentUnit unit, DecodedFrame decoded) {
    if (!unit.isShown()) {
      unit.markShown();
      overBudgetReported = false;
      pictures.picture(unit.picture(), decoded, format, selection.fidelity());
    }
    if (unit.picture().key() && !decoded.damaged()) {
      PictureHeader header = PictureHeader.of(format, unit.data());
      parameterSetsInBand |= header.parameterSets();
      if (isStart(header)) {
        prefix.wholeKeyFrame(unit, header.closed());
      }
    }
  }

  private boolean isClosedStart(SentUnit key) {
    PictureHeader header = PictureHeader.of(format, key.data());
    return header.closed() && isStart(header);
  }

  private boolean isStart(PictureHeader header) {
    return header.parameterSets() || !parameterSetsInBand;
  }

  /**
   * The slots of the pictures before this key frame may be what is missing: shows what is held
   * back, and starts with the key frame alone.
   */
  private Outcome startAnewAt(SentUnit key) {
    prefix.removeLast();
    close();
    drain();
    startAt(key);
    keep(key);
    return replay();
  }

  /** What comes next goes to a fresh decoder that knows of the one before only how it reorders. */
  private void startAt(SentUnit key) {
    prefix.clear();
    key.reorderDelay(lastReorderDelay);
  }

  private void settle(SentUnit unit, Outcome outcome) {
    switch (outcome) {
      case ACCEPTED -> {}
      case CORRUPT -> trouble.dropped(unit.picture(), DropReason.CORRUPT, null);
      case OVER_BUDGET ->
          giveUp(
              unit,
              "there is no room for its decoder in the frame pool, %s: raise taskmanager.memory.managed.size or the"
                  + " parallelism");
      case LARGER_THAN_SHARE ->
          giveUp(
              unit,
              "its pictures need more of the frame pool than one session may hold, %s: raise decode.max-session-share"
                  + " or taskmanager.memory.managed.size");
      case LARGER_THAN_POOL ->
          giveUp(
              unit,
              "its pictures need more than the whole frame pool, %s: raise taskmanager.memory.managed.size");
      case UNSUPPORTED -> refuse(unit);
    }
  }

  private void giveUp(SentUnit unit, String why) {
    String message = why.formatted(decoder.exhaustion());
    List<SentUnit> lost =
        prefix.units().stream().filter(kept -> !kept.isShown() && kept != unit).toList();
    forget();
    pictures.discontinuity();
    lost.forEach(kept -> trouble.dropped(kept.picture(), DropReason.OVER_BUDGET, message));
    trouble.dropped(unit.picture(), DropReason.OVER_BUDGET, message);
    if (!overBudgetReported) {
      overBudgetReported = true;
      trouble.overBudget(unit.picture(), message);
    }
  }

  private void refuse(SentUnit unit) {
    String why =
        decoder == null
            ? cannotOpen
            : "its pixel format is none of planar YUV, grey or RGB of 8 to 16 bits";
    refused = format;
    forget();
    trouble.unsupported(unit.picture(), why);
    trouble.dropped(unit.picture(), DropReason.CODEC_UNKNOWN, null);
  }
}
