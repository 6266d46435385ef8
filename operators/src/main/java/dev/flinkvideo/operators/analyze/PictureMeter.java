package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Measures every picture of one session, in order, in one pass over sampled rows, and keeps the
 * samples of the last two. Nothing is allocated per picture. Task thread only.
 */
public final class PictureMeter implements PictureMeasures {
  private final SampleReader reader = new SampleReader();
  private final LevelMeter levels = new LevelMeter();
  private final EdgeMeter edges = new EdgeMeter();

  private SampledPicture current = new SampledPicture();
  private SampledPicture previous = new SampledPicture();
  private boolean hasPrevious;
  private double difference;
  private double sceneScore;

  /** Per cent of change from the last picture but one to the last, scdet's mafd. */
  private double previousChange;

  /** Measures a picture; the caller closes it. */
  public void measure(Frame frame) {
    SampledPicture oldest = previous;
    previous = current;
    current = oldest;
    current.sample(frame, reader);
    levels.measure(current, frame.fullRange());
    edges.measure(frame, reader);
    compare();
    hasPrevious = true;
  }

  /** The next picture has nothing to be compared with. */
  public void discontinuity() {
    hasPrevious = false;
  }

  /** Writes what the measures of the next picture depend on. */
  void write(DataOutput out) throws IOException {
    boolean sampled = current.format() != null;
    out.writeBoolean(sampled);
    out.writeBoolean(hasPrevious);
    out.writeDouble(previousChange);
    if (sampled) {
      current.write(out);
    }
  }

  /** Takes up where another stood. */
  void read(DataInput in) throws IOException {
    boolean sampled = in.readBoolean();
    hasPrevious = in.readBoolean();
    previousChange = in.readDouble();
    if (sampled) {
      current.read(in);
    }
  }

  private void compare() {
    if (!hasPrevious || !current.isComparable(previous)) {
      difference = 1;
      sceneScore = 0;
      previousChange = 0;
      return;
    }
    double lumaDifference = current.lumaDifference(previous);
    difference = current.difference(previous, lumaDifference);
    double change = 100 * (Component.isRgb(current.format()) ? difference : lumaDifference);
    sceneScore = Math.min(change, Math.abs(change - previousChange));
    previousChange = change;
  }

  @Override
  public double lumaMean() {
    return levels.lumaMean();
  }

  @Override
  public double contrast() {
    return levels.contrast();
  }

  @Override
  public double saturation() {
    return levels.saturation();
  }

  @Override
  public double blackShare() {
    return levels.blackShare();
  }

  @Override
  public double difference() {
    return difference;
  }

  @Override
  public double sharpness() {
    return edges.sharpness();
  }

  @Override
  public double blockiness() {
    return edges.blockiness();
  }

  @Override
  public double sceneScore() {
    return sceneScore;
  }

  @Override
  public SampledPicture samples() {
    return current;
  }
}
