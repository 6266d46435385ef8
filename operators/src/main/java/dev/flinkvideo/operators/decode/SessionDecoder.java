package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.PartAssembler;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * Everything one session needs between its segments and its observations. Made by the decode
 * operator at the session's first segment, or from its state after a failure; closed when the
 * session is forgotten or the task ends. Task thread only.
 */
final class SessionDecoder implements StreamDecoder.Trouble, AutoCloseable {
  private final String session;
  private final DecodeContext context;
  private final PictureReporter reporter;
  private final StreamDecoder stream;
  private final PartAssembler parts = new PartAssembler();
  private long abandonedParts;
  private StreamFormat format;

  /**
   * Time stamps of pictures that were sent to the last decoder and did not come out: they are shown
   * when another connection repeats them.
   */
  private Set<Long> heldBack = Set.of();

  SessionDecoder(String session, DecodeContext context) {
    this.session = session;
    this.context = context;
    this.reporter = new PictureReporter(session, context);
    this.stream =
        new StreamDecoder(session, context, () -> context.makeRoomFor(session), reporter, this);
  }

  void decode(Admitted.Media media) {
    Segment segment = media.segment();
    if (media.restart()) {
      restart(media);
    }
    parts.add(segment).ifPresent(whole -> decode(whole, media));
    long abandoned = parts.abandonedParts() - abandonedParts;
    if (abandoned > 0) {
      abandonedParts += abandoned;
      drop(DropReason.INCOMPLETE, abandoned, null, null);
    }
  }

  /**
   * What comes does not continue what came before, unless it repeats it first: then pictures that
   * the decoder held back come out of the repetition.
   */
  private void restart(Admitted.Media media) {
    Segment segment = media.segment();
    if (media.shown().isEmpty()) {
      stream.restart();
      heldBack = Set.of();
    } else if (stream.isOf(segment.getEpoch(), segment.getOpenedAtMs())) {
      stream.restart(); // a loss within the repetition
    } else {
      heldBack = stream.handOver(media.shown().get(0).pts());
    }
    reporter.connection(segment.getEpoch(), segment.getOpenedAtMs());
  }

  /**
   * A container record has no connection of its own: epoch 0, and its offset in the log is its
   * sequence.
   */
  void decode(Admitted.Container container) {
    ContainerDemuxer.Demuxed demuxed;
    try {
      demuxed = ContainerDemuxer.demux(container.value(), container.contentType());
    } catch (RejectedRecordException e) {
      drop(DropReason.CORRUPT, 1, null, e.getMessage());
      return;
    }
    List<EncodedUnit> units = demuxed.units();
    for (int i = 0; i < units.size(); i++) {
      EncodedUnit unit = units.get(i);
      EncodedPicture picture =
          new EncodedPicture(
              "kafka",
              0,
              0,
              container.sequence(),
              i,
              unit.key(),
              unit.pts(),
              0,
              container.appendUs(),
              container.fetchUs(),
              context.clock().nowUs());
      ByteBuffer data = ByteBuffer.wrap(unit.data());
      stream.decode(new SentUnit(picture, data, unit.dts(), false), demuxed.format());
    }
  }

  /**
   * Nothing came for the stall time: shows what the decoder holds back and gives its slots back.
   */
  void idle() {
    stream.drain();
    reporter.idle();
    context.drops().flush(session);
  }

  /** The decoder's slots are needed elsewhere; the next segment brings it back where it was. */
  void suspend() {
    stream.decoder().suspend();
  }

  boolean hasDecoder() {
    return stream.decoder().isOpen();
  }

  StreamDecoder stream() {
    return stream;
  }

  PictureReporter reporter() {
    return reporter;
  }

  PartAssembler parts() {
    return parts;
  }

  Set<Long> heldBack() {
    return heldBack;
  }

  /** Takes up where another stood; before the first segment. */
  void heldBack(Set<Long> restored) {
    heldBack = restored;
  }

  @Override
  public void close() {
    stream.close();
    stream.decoder().prefix().clear();
  }

  @Override
  public void dropped(EncodedPicture picture, DropReason reason, String message) {
    drop(reason, 1, picture, message);
  }

  @Override
  public void unsupported(EncodedPicture picture, String message) {
    context.emit(at(EventKind.UNSUPPORTED, picture).message(message));
  }

  @Override
  public void overBudget(EncodedPicture picture, String message) {
    context.emit(at(EventKind.OVER_BUDGET, picture).message(message));
    context.overBudget(session, message);
  }

  @Override
  public void notRecoverable(EncodedPicture picture, String message) {
    context.metrics().notRecoverable();
    context.emit(at(EventKind.NOT_RECOVERABLE, picture).message(message));
  }

  private void decode(Segment segment, Admitted.Media media) {
    StreamFormat unitFormat = format(segment);
    reporter.captured(segment);
    ByteBuffer payload = segment.getPayload().asReadOnlyByteBuffer();
    int at = payload.position();
    for (int i = 0; i < segment.getAccessUnitsCount(); i++) {
      AccessUnit unit = segment.getAccessUnits(i);
      EncodedPicture picture =
          new EncodedPicture(
              segment.getSource(),
              segment.getEpoch(),
              segment.getOpenedAtMs(),
              segment.getSequence(),
              i,
              unit.getKey(),
              unit.hasPts() ? unit.getPts() : EncodedUnit.NO_TIME,
              segment.getArrivalTimeUs(),
              media.appendUs(),
              media.fetchUs(),
              context.clock().nowUs());
      boolean repeated = i < media.shown().size();
      if (repeated) {
        reporter.repeated(media.shown().get(i), picture, unitFormat);
      }
      boolean shown = repeated && !heldBack.contains(media.shown().get(i).pts());
      long dts = unit.hasDts() ? unit.getDts() : EncodedUnit.NO_TIME;
      stream.decode(
          new SentUnit(picture, payload.slice(at, unit.getSize()), dts, shown), unitFormat);
      at += unit.getSize();
    }
  }

  /**
   * The same object while nothing changed, so that a session keeps one copy of its codec
   * configuration.
   */
  private StreamFormat format(Segment segment) {
    if (format == null
        || format.timeBaseNumerator() != segment.getTimeBaseNumerator()
        || format.timeBaseDenominator() != segment.getTimeBaseDenominator()
        || !format.codec().equals(segment.getCodec())
        || !segment
            .getCodecConfiguration()
            .asReadOnlyByteBuffer()
            .equals(ByteBuffer.wrap(format.configuration()))) {
      format =
          new StreamFormat(
              segment.getCodec(),
              segment.getCodecConfiguration().toByteArray(),
              segment.getTimeBaseNumerator(),
              segment.getTimeBaseDenominator());
    }
    return format;
  }

  private void drop(DropReason reason, long count, EncodedPicture picture, String message) {
    context
        .drops()
        .count(
            session,
            reason,
            count,
            event -> {
              if (picture != null) {
                picture.place(event);
              }
              event.message(message);
            });
  }

  private Event.Builder at(EventKind kind, EncodedPicture picture) {
    return picture.place(Event.builder(session, kind));
  }
}
