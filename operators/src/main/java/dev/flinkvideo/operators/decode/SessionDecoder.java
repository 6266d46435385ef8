package dev.flinkvideo.operators.decode;

import static dev.flinkvideo.operators.analyze.PictureMeasures.written;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.analyze.AlarmListener;
import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.analyze.PictureMeasures;
import dev.flinkvideo.operators.timeline.SessionTime;
import dev.flinkvideo.operators.timeline.TimeBase;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.PartAssembler;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.Timing;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Everything one session needs between its segments and its observations: decoder, time line,
 * judge. Made by the decode operator at the session's first segment, closed when the session is
 * forgotten or the task ends. Task thread only.
 */
final class SessionDecoder
    implements PictureHandler, StreamDecoder.Trouble, AlarmListener, AutoCloseable {
  private final String session;
  private final DecodeContext context;
  private final StreamDecoder stream;
  private final PictureJudge judge;
  private final SessionTime time;
  private final DamageReports damage;
  private final PartAssembler parts = new PartAssembler();
  private long abandonedParts;
  private EncodedPicture current;
  private IntervalStatistics interval;
  private StreamFormat format;

  SessionDecoder(String session, DecodeContext context) {
    this.session = session;
    this.context = context;
    this.judge = context.newJudge();
    this.time = new SessionTime(context.maxTimeJumpNs());
    this.damage =
        new DamageReports(
            context.clock(),
            pictures ->
                context.emit(
                    at(EventKind.DAMAGED, current)
                        .count(pictures)
                        .message("the decoder concealed missing or broken parts")));
    this.stream =
        new StreamDecoder(
            session, context.pool(), context.codecs(), context.makeRoomExcept(session), this, this);
  }

  void decode(Admitted.Media media) {
    Segment segment = media.segment();
    if (media.restart()) {
      stream.restart();
    }
    if (isNewConnection(segment)) {
      finishInterval();
      time.newConnection();
    }
    parts.add(segment).ifPresent(whole -> decode(whole, media.appendUs(), media.fetchUs()));
    long abandoned = parts.abandonedParts() - abandonedParts;
    if (abandoned > 0) {
      abandonedParts += abandoned;
      drop(DropReason.INCOMPLETE, abandoned, null, null);
    }
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
      stream.decode(picture, ByteBuffer.wrap(unit.data()), unit.dts(), demuxed.format());
    }
  }

  /** Nothing came for the stall time: shows what the decoder holds back. */
  void idle() {
    stream.drain();
    finishInterval();
    damage.flush();
    context.drops().flush(session);
  }

  /** The decoder's slots are needed elsewhere; the session goes on at its next key frame. */
  void closeDecoder() {
    stream.close();
  }

  boolean hasDecoder() {
    return stream.isOpen();
  }

  @Override
  public void close() {
    stream.close();
  }

  @Override
  public void picture(EncodedPicture picture, DecodedFrame decoded, StreamFormat streamFormat) {
    long decodeEndUs = context.clock().nowUs();
    current = picture;
    long timeNs = sessionTime(picture, decoded, streamFormat);
    judge.judge(decoded.frame(), timeNs, this);
    String md5 = context.pictureMd5() ? context.digest().md5(decoded.frame()) : null;
    Timing timing =
        new Timing(
            picture.arrivalUs() > 0 ? picture.arrivalUs() : null,
            picture.appendUs(),
            picture.fetchUs(),
            picture.decodeStartUs(),
            decodeEndUs,
            context.clock().nowUs());
    emit(observation(picture, decoded, timeNs, md5, timing));
    context.metrics().picture(timing, decoded.damaged());
    if (decoded.damaged()) {
      damage.damaged();
    }
  }

  @Override
  public void discontinuity() {
    judge.discontinuity();
  }

  @Override
  public void raised(String alarm, long sinceNs, long timeNs, double value) {
    alarm(EventKind.ALARM_RAISED, alarm, sinceNs, timeNs, value);
  }

  @Override
  public void cleared(String alarm, long sinceNs, long timeNs, double value) {
    alarm(EventKind.ALARM_CLEARED, alarm, sinceNs, timeNs, value);
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
  }

  private void decode(Segment segment, long appendUs, long fetchUs) {
    StreamFormat unitFormat = format(segment);
    ByteBuffer payload = segment.getPayload().asReadOnlyByteBuffer();
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
              appendUs,
              fetchUs,
              context.clock().nowUs());
      payload.limit(payload.position() + unit.getSize());
      stream.decode(
          picture, payload, unit.hasDts() ? unit.getDts() : EncodedUnit.NO_TIME, unitFormat);
      payload.position(payload.limit());
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

  private boolean isNewConnection(Segment segment) {
    return current != null
        && (current.epoch() != segment.getEpoch()
            || current.openedAtMs() != segment.getOpenedAtMs());
  }

  private long sessionTime(
      EncodedPicture picture, DecodedFrame decoded, StreamFormat streamFormat) {
    if (decoded.pts() == EncodedUnit.NO_TIME) {
      return time.atUnknown(picture.loggedUs());
    }
    long before = time.rebases();
    TimeBase base =
        new TimeBase(streamFormat.timeBaseNumerator(), streamFormat.timeBaseDenominator());
    long timeNs = time.at(decoded.pts(), base, picture.loggedUs());
    if (time.rebases() > before) {
      context.emit(
          at(EventKind.TIME_REBASED, picture)
              .timeNs(timeNs)
              .count(time.rebases())
              .message("pts=%d jumpNs=%d".formatted(decoded.pts(), time.lastJumpNs())));
    }
    return timeNs;
  }

  private FrameObservation observation(
      EncodedPicture picture, DecodedFrame decoded, long timeNs, String md5, Timing timing) {
    PictureMeasures measures = judge.measures();
    return new FrameObservation(
        Observation.VERSION,
        session,
        picture.source(),
        picture.epoch(),
        picture.openedAtMs(),
        picture.sequence(),
        picture.frame(),
        decoded.pts() == EncodedUnit.NO_TIME ? null : decoded.pts(),
        timeNs,
        decoded.key(),
        decoded.damaged(),
        decoded.frame().widthPx(),
        decoded.frame().heightPx(),
        decoded.frame().format().name(),
        written(measures.lumaMean()),
        written(measures.contrast()),
        written(measures.saturation()),
        written(measures.blackShare()),
        written(measures.difference()),
        written(measures.sharpness()),
        written(measures.blockiness()),
        written(measures.sceneScore()),
        md5,
        judge.extraMeasures().isEmpty() ? null : Map.copyOf(judge.extraMeasures()),
        timing);
  }

  private void emit(FrameObservation frame) {
    if (context.intervalNs() == 0) {
      context.emit(frame);
      return;
    }
    if (interval != null
        && (!interval.contains(frame.timeNs()) || !interval.sameConnection(frame))) {
      finishInterval();
    }
    if (interval == null) {
      interval = new IntervalStatistics(context.intervalNs(), frame);
    }
    interval.add(frame);
  }

  private void finishInterval() {
    if (interval != null) {
      context.emit(interval.finish());
      interval = null;
    }
  }

  private void alarm(EventKind kind, String alarm, long sinceNs, long timeNs, double value) {
    context.emit(at(kind, current).name(alarm).timeNs(timeNs).sinceNs(sinceNs).value(value));
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
                place(event, picture);
              }
              event.message(message);
            });
  }

  private Event.Builder at(EventKind kind, EncodedPicture picture) {
    return place(Event.builder(session, kind), picture);
  }

  private static Event.Builder place(Event.Builder event, EncodedPicture picture) {
    return event.at(picture.source(), picture.epoch(), picture.openedAtMs(), picture.sequence());
  }
}
