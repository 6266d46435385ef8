package dev.flinkvideo.operators.decode;

import static dev.flinkvideo.operators.analyze.PictureMeasures.written;

import dev.flinkvideo.operators.state.StateFormat;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.IntervalObservation;
import dev.flinkvideo.protocol.IntervalObservation.Range;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** Minimum, mean and maximum of every measure over one interval of media. Task thread only. */
final class IntervalStatistics {
  private static final StateFormat FORMAT = new StateFormat("interval state", 1);

  private static final class Statistic {
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;

    private void add(double value) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }

    private Range range(int frames) {
      return new Range(min, written(sum / frames), max);
    }
  }

  private final long startNs;
  private final long durationNs;
  private final FrameObservation first;
  private FrameObservation last;
  private int frames;
  private int keyFrames;
  private int damagedFrames;
  private Fidelity fidelity = Fidelity.ALL;
  private final Statistic lumaMean = new Statistic();
  private final Statistic contrast = new Statistic();
  private final Statistic saturation = new Statistic();
  private final Statistic blackShare = new Statistic();
  private final Statistic difference = new Statistic();
  private final Statistic sharpness = new Statistic();
  private final Statistic blockiness = new Statistic();
  private final Statistic sceneScore = new Statistic();

  /** Intervals lie on a grid of {@code durationNs} from the session's first frame on. */
  IntervalStatistics(long durationNs, FrameObservation first) {
    this.durationNs = durationNs;
    this.startNs = Math.floorDiv(first.timeNs(), durationNs) * durationNs;
    this.first = first;
  }

  boolean contains(long timeNs) {
    return timeNs < startNs + durationNs;
  }

  boolean sameConnection(FrameObservation frame) {
    return frame.epoch() == first.epoch() && frame.openedAtMs() == first.openedAtMs();
  }

  void add(FrameObservation frame) {
    last = frame;
    frames++;
    keyFrames += frame.key() ? 1 : 0;
    damagedFrames += frame.damaged() ? 1 : 0;
    fidelity = frame.fidelity().compareTo(fidelity) > 0 ? frame.fidelity() : fidelity;
    lumaMean.add(frame.lumaMean());
    contrast.add(frame.contrast());
    saturation.add(frame.saturation());
    blackShare.add(frame.blackShare());
    difference.add(frame.difference());
    sharpness.add(frame.sharpness());
    blockiness.add(frame.blockiness());
    sceneScore.add(frame.sceneScore());
  }

  /** Writes what was added so far, for a checkpoint. */
  void write(DataOutput out) throws IOException {
    FORMAT.writeVersion(out);
    out.writeLong(durationNs);
    write(first, out);
    write(last, out);
    out.writeInt(frames);
    out.writeInt(keyFrames);
    out.writeInt(damagedFrames);
    out.writeUTF(fidelity.name());
    for (Statistic statistic : statistics()) {
      out.writeDouble(statistic.min);
      out.writeDouble(statistic.max);
      out.writeDouble(statistic.sum);
    }
  }

  /** Reads what {@link #write} wrote. */
  static IntervalStatistics read(DataInputStream in) throws IOException {
    FORMAT.readVersion(in);
    IntervalStatistics interval = new IntervalStatistics(in.readLong(), readFrame(in));
    interval.last = readFrame(in);
    interval.frames = in.readInt();
    interval.keyFrames = in.readInt();
    interval.damagedFrames = in.readInt();
    interval.fidelity = Fidelity.valueOf(in.readUTF());
    for (Statistic statistic : interval.statistics()) {
      statistic.min = in.readDouble();
      statistic.max = in.readDouble();
      statistic.sum = in.readDouble();
    }
    return interval;
  }

  private List<Statistic> statistics() {
    return List.of(
        lumaMean, contrast, saturation, blackShare, difference, sharpness, blockiness, sceneScore);
  }

  private static void write(FrameObservation frame, DataOutput out) throws IOException {
    StateFormat.writeBytes(JsonRecords.write(frame), out);
  }

  private static FrameObservation readFrame(DataInputStream in) throws IOException {
    try {
      return (FrameObservation) JsonRecords.readObservation(StateFormat.readBytes(in));
    } catch (RejectedRecordException e) {
      throw new IOException("in an interval, " + e.getMessage(), e);
    }
  }

  Observation finish() {
    return new IntervalObservation(
        Observation.VERSION,
        first.session(),
        first.source(),
        first.epoch(),
        first.openedAtMs(),
        first.sequence(),
        first.frame(),
        startNs,
        durationNs,
        frames,
        keyFrames,
        damagedFrames,
        fidelity,
        last.widthPx(),
        last.heightPx(),
        last.pixelFormat(),
        lumaMean.range(frames),
        contrast.range(frames),
        saturation.range(frames),
        blackShare.range(frames),
        difference.range(frames),
        sharpness.range(frames),
        blockiness.range(frames),
        sceneScore.range(frames),
        last.timing());
  }
}
