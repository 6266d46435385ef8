package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;

/**
 * Raises {@code frozen} when pictures have stayed the same for a duration. Each picture is held
 * against the first of the still ones and not against its predecessor, as freezedetect does, so
 * that a slow fade is not taken for a freeze. A gap changes nothing: what is the same before and
 * after it is still. One instance per session; task thread only.
 */
final class FrozenAnalyzer implements Analyzer {
  private final double noise;
  private final Alarm alarm;

  private final SampledPicture reference = new SampledPicture();
  private boolean hasReference;

  /** The reference is the picture before this one, to which the difference is measured already. */
  private boolean referenceIsPrevious;

  private long referenceNs;

  FrozenAnalyzer(String name, double noise, Duration duration) {
    this.noise = noise;
    this.alarm = new Alarm(name, duration);
  }

  @Override
  public void analyze(Frame frame, PictureMeasures measures, Findings findings) {
    if (!hasReference) {
      keep(measures, findings);
      return;
    }
    double difference =
        referenceIsPrevious ? measures.difference() : measures.samples().difference(reference);
    referenceIsPrevious = false;
    if (difference <= noise) {
      alarm.bad(referenceNs, difference, findings);
      return;
    }
    alarm.good(difference, findings);
    keep(measures, findings);
  }

  @Override
  public void discontinuity() {
    referenceIsPrevious = false;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    alarm.write(out);
    out.writeBoolean(hasReference);
    out.writeBoolean(referenceIsPrevious);
    out.writeLong(referenceNs);
    if (hasReference && !referenceIsPrevious) {
      reference.write(out);
    }
  }

  @Override
  public void read(DataInput in, PictureMeasures last) throws IOException {
    alarm.read(in);
    hasReference = in.readBoolean();
    referenceIsPrevious = in.readBoolean();
    referenceNs = in.readLong();
    if (referenceIsPrevious) {
      reference.copyFrom(last.samples());
    } else if (hasReference) {
      reference.read(in);
    }
  }

  private void keep(PictureMeasures measures, Findings findings) {
    reference.copyFrom(measures.samples());
    hasReference = true;
    referenceIsPrevious = true;
    referenceNs = findings.timeNs();
  }
}
