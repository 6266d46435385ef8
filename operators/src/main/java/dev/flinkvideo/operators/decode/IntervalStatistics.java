package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.IntervalObservation;
import dev.flinkvideo.protocol.IntervalObservation.Range;
import dev.flinkvideo.protocol.Observation;

/** Minimum, mean and maximum of every measure over one interval of media. Task thread only. */
final class IntervalStatistics {
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
      return new Range(min, sum / frames, max);
    }
  }

  private final long startNs;
  private final long durationNs;
  private final FrameObservation first;
  private FrameObservation last;
  private int frames;
  private int keyFrames;
  private int damagedFrames;
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
    lumaMean.add(frame.lumaMean());
    contrast.add(frame.contrast());
    saturation.add(frame.saturation());
    blackShare.add(frame.blackShare());
    difference.add(frame.difference());
    sharpness.add(frame.sharpness());
    blockiness.add(frame.blockiness());
    sceneScore.add(frame.sceneScore());
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
