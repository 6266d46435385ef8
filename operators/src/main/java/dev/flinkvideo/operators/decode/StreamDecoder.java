package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.decode.VideoDecoder.Outcome;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Says what of a session is decoded, over changes of codec, losses, a full pool and failures; the
 * {@link ResumableDecoder} behind it is virtual. Task thread only.
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

  private final PictureHandler pictures;
  private final Trouble trouble;
  private final PictureSelection selection = new PictureSelection();
  private final ResumableDecoder decoder;
  private final Prefix prefix;
  private StreamFormat refused;
  private boolean overBudgetReported;

  /**
   * @param makeRoom closes a decoder that is not needed now; false if there is none
   */
  StreamDecoder(
      String session,
      DecodeContext context,
      BooleanSupplier makeRoom,
      PictureHandler pictures,
      Trouble trouble) {
    this.pictures = pictures;
    this.trouble = trouble;
    this.decoder = new ResumableDecoder(session, context, makeRoom, this::show);
    this.prefix = decoder.prefix();
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
    if (decoder.isStarted() && !unitFormat.equals(decoder.format())) {
      drain();
      decoder.forget();
    }
    if (selection.fidelity() == Fidelity.KEY) {
      pictures.discontinuity();
    }
    if (!decoder.isStarted()) {
      if (!picture.key()) {
        pictures.discontinuity();
        trouble.dropped(picture, DropReason.WAITING_FOR_KEY_FRAME, null);
        return;
      }
      decoder.begin(unitFormat);
    }
    boolean fromHere =
        !decoder.isOpen() && picture.key() && !prefix.hasUnshown() && decoder.canStartAt(unit);
    if (fromHere) {
      decoder.startAt(unit);
      if (!prefix.hasRoomFor(unit, unitFormat)) {
        prefix.clear(); // should the key frame be broken, it is concealed with nothing
      }
    }
    keep(unit);
    if (!decoder.isOpen() && !prefix.isComplete()) {
      decoder.forget(); // this very access unit made the prefix too long
      trouble.dropped(picture, DropReason.WAITING_FOR_KEY_FRAME, null);
      return;
    }
    Outcome outcome = fromHere ? decoder.decodeFrom(unit) : decoder.decode(unit);
    if (outcome == Outcome.OVER_BUDGET && picture.key() && unit != prefix.first()) {
      outcome = startAnewAt(unit);
    }
    settle(unit, outcome == Outcome.OVER_BUDGET ? decoder.replayWithRoom() : outcome);
    if (selection.fidelity() == Fidelity.KEY) {
      drain();
      prefix.clear();
    }
  }

  /** Chooses which pictures are decoded; what is held back is shown before most are left out. */
  void choose(Fidelity to, FidelityCause cause) {
    if (selection.isFewer(to) && to.compareTo(Fidelity.KEY) >= 0) {
      drain();
      decoder.forget();
    }
    selection.choose(to, cause);
  }

  /** Shows the pictures held back for reordering, and gives the slots back. */
  void drain() {
    decoder.drain();
  }

  /**
   * What comes next does not continue what came before: shows what is held back and waits for a key
   * frame.
   */
  void restart() {
    drain();
    decoder.forget();
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
    decoder.forget();
    return heldBack;
  }

  /** What it got last came on this connection. */
  boolean isOf(long epoch, long openedAtMs) {
    SentUnit last = prefix.last();
    return last != null
        && last.picture().epoch() == epoch
        && last.picture().openedAtMs() == openedAtMs;
  }

  /** Which pictures are decoded. */
  PictureSelection selection() {
    return selection;
  }

  /** What is kept of it across a failure. */
  ResumableDecoder decoder() {
    return decoder;
  }

  @Override
  public void close() {
    decoder.close();
  }

  private void keep(SentUnit unit) {
    String tooLong = prefix.add(unit, decoder.format());
    if (tooLong != null) {
      trouble.notRecoverable(
          unit.picture(),
          tooLong
              + ": after a failure this session waits for its next key frame. Let the encoder send key frames more"
              + " often (every 2 s is usual), or raise the option");
    }
  }

  private void show(SentUnit unit, DecodedFrame decoded, StreamFormat format) {
    overBudgetReported = false;
    pictures.picture(unit.picture(), decoded, format, selection.fidelity());
  }

  /**
   * The slots of the pictures before this key frame may be what is missing: shows what is held
   * back, and starts with the key frame alone.
   */
  private Outcome startAnewAt(SentUnit key) {
    prefix.removeLast();
    decoder.close();
    drain();
    dropUnshown();
    prefix.clear();
    decoder.startAt(key);
    keep(key);
    return decoder.replay();
  }

  /** There was no room to show what was held back either. */
  private void dropUnshown() {
    if (prefix.hasUnshown()) {
      pictures.discontinuity();
    }
    prefix.units().stream()
        .filter(unit -> !unit.isShown())
        .forEach(unit -> trouble.dropped(unit.picture(), DropReason.OVER_BUDGET, null));
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
    decoder.forget();
    pictures.discontinuity();
    lost.forEach(kept -> trouble.dropped(kept.picture(), DropReason.OVER_BUDGET, message));
    trouble.dropped(unit.picture(), DropReason.OVER_BUDGET, message);
    if (!overBudgetReported) {
      overBudgetReported = true;
      trouble.overBudget(unit.picture(), message);
    }
  }

  private void refuse(SentUnit unit) {
    String why = decoder.whyUnsupported();
    refused = decoder.format();
    decoder.forget();
    trouble.unsupported(unit.picture(), why);
    trouble.dropped(unit.picture(), DropReason.CODEC_UNKNOWN, null);
  }
}
