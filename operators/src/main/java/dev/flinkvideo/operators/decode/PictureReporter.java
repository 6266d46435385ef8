package dev.flinkvideo.operators.decode;

import static dev.flinkvideo.operators.analyze.PictureMeasures.written;

import dev.flinkvideo.operators.admission.Shown;
import dev.flinkvideo.operators.analyze.AlarmListener;
import dev.flinkvideo.operators.analyze.PictureJudge;
import dev.flinkvideo.operators.analyze.PictureMeasures;
import dev.flinkvideo.operators.timeline.Joint;
import dev.flinkvideo.operators.timeline.SessionTime;
import dev.flinkvideo.operators.timeline.TimeBase;
import dev.flinkvideo.protocol.CaptureTimes;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.Timing;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Puts each picture of one session on its time line, has it judged and says what was seen. Task
 * thread only; belongs to the {@link SessionDecoder}.
 */
final class PictureReporter implements PictureHandler, AlarmListener {
  private final String session;
  private final DecodeContext context;
  private final PictureJudge judge;
  private final DamageReports damage;
  private final DecodingMeter meter;
  private SessionTime time;
  private EncodedPicture current;
  private IntervalStatistics interval;

  PictureReporter(String session, DecodeContext context) {
    this.session = session;
    this.context = context;
    this.judge = context.newJudge();
    this.time = new SessionTime(context.maxTimeJumpNs());
    this.meter = new DecodingMeter(context.clock().nowUs());
    this.damage =
        new DamageReports(
            context.clock(),
            pictures ->
                context.emit(
                    at(EventKind.DAMAGED)
                        .count(pictures)
                        .message("the decoder concealed missing or broken parts")));
  }

  /** What comes next is of this connection. */
  void connection(long epoch, long openedAtMs) {
    if (current != null && (current.epoch() != epoch || current.openedAtMs() != openedAtMs)) {
      finishInterval();
      time.newConnection();
    }
  }

  /** When the source says that the first picture of a segment was taken. */
  void captured(Segment segment) {
    OptionalLong captureNs = CaptureTimes.ofFirst(segment);
    if (captureNs.isPresent() && segment.getAccessUnits(0).hasPts()) {
      time.captured(
          segment.getAccessUnits(0).getPts(),
          new TimeBase(segment.getTimeBaseNumerator(), segment.getTimeBaseDenominator()),
          captureNs.getAsLong());
    } else if (captureNs.isEmpty()) {
      time.notCaptured();
    }
  }

  /** An access unit of this connection is one that was shown on the connection before. */
  void repeated(Shown shown, EncodedPicture picture, StreamFormat format) {
    if (shown.hasTime() && picture.pts() != EncodedUnit.NO_TIME) {
      time.matched(
          shown.pts(),
          new TimeBase(shown.timeBaseNumerator(), shown.timeBaseDenominator()),
          picture.pts(),
          base(format));
    }
  }

  @Override
  public void picture(
      EncodedPicture picture, DecodedFrame decoded, StreamFormat streamFormat, Fidelity fidelity) {
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
    emit(observation(picture, decoded, fidelity, timeNs, md5, timing));
    context.metrics().picture(timing, decoded.damaged());
    meter.picture(timing);
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

  /** Says what is pending: nothing comes for a while. */
  void idle() {
    finishInterval();
    damage.flush();
  }

  DecodingMeter meter() {
    return meter;
  }

  /** Emits the counts that a checkpoint would lose. */
  void flushCounts() {
    damage.flush();
  }

  /** Writes where it stands, for a checkpoint. */
  void write(DataOutput out) throws IOException {
    out.writeBoolean(current != null);
    if (current != null) {
      PrefixCodec.write(current, out);
    }
    time.write(out);
    judge.write(out);
    out.writeBoolean(interval != null);
    if (interval != null) {
      interval.write(out);
    }
  }

  /** Takes up where another stood; before the first picture. */
  void read(DataInputStream in) throws IOException {
    if (in.readBoolean()) {
      current = PrefixCodec.readPicture(in);
    }
    time = SessionTime.read(in, context.maxTimeJumpNs());
    judge.read(in);
    if (in.readBoolean()) {
      interval = IntervalStatistics.read(in);
    }
  }

  private long sessionTime(
      EncodedPicture picture, DecodedFrame decoded, StreamFormat streamFormat) {
    if (decoded.pts() == EncodedUnit.NO_TIME) {
      return time.atUnknown(picture.loggedUs());
    }
    long before = time.rebases();
    long timeNs = time.at(decoded.pts(), base(streamFormat), picture.loggedUs());
    Joint joint = time.takeJoint();
    if (joint != null) {
      context.emit(
          at(EventKind.TIME_JOINED)
              .name(joint.by().name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .timeNs(timeNs)
              .count((long) joint.matches())
              .message(
                  "gapNs=%d clockShiftNs=%d uncertaintyNs=%d"
                      .formatted(joint.gapNs(), joint.clockShiftNs(), joint.uncertaintyNs())));
    }
    if (time.rebases() > before) {
      context.emit(
          at(EventKind.TIME_REBASED)
              .timeNs(timeNs)
              .count(time.rebases())
              .message("pts=%d jumpNs=%d".formatted(decoded.pts(), time.lastJumpNs())));
    }
    return timeNs;
  }

  private static TimeBase base(StreamFormat format) {
    return new TimeBase(format.timeBaseNumerator(), format.timeBaseDenominator());
  }

  private FrameObservation observation(
      EncodedPicture picture,
      DecodedFrame decoded,
      Fidelity fidelity,
      long timeNs,
      String md5,
      Timing timing) {
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
        fidelity,
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
    context.emit(at(kind).name(alarm).timeNs(timeNs).sinceNs(sinceNs).value(value));
  }

  private Event.Builder at(EventKind kind) {
    return current.place(Event.builder(session, kind));
  }
}
