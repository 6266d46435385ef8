package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.PixelFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * A grid of samples of one picture, every component of it, on the 8-bit scale: about 120 rows of
 * 320 of luma whatever the size, a quarter of that of subsampled chroma. Small enough to keep where
 * a frame may not be kept. Task thread only; belongs to whoever made it.
 */
public final class SampledPicture {
  private static final int LUMA_ROWS = 120;
  private static final int LUMA_COLUMNS = 256;
  private static final double LEVELS = 256; // and not 255, as in FFmpeg

  private PixelFormat format;
  private int widthPx;
  private int heightPx;
  private List<Component> components = List.of();
  private Axis[] rows;
  private Axis[] columns;
  private byte[][] samples;

  /** Takes the samples of a picture; memory is taken only when its size or format is a new one. */
  void sample(Frame frame, SampleReader reader) {
    if (!isLaidOutFor(frame.format(), frame.widthPx(), frame.heightPx())) {
      layOut(frame.format(), frame.widthPx(), frame.heightPx());
    }
    for (int i = 0; i < samples.length; i++) {
      Component component = components.get(i);
      int at = 0;
      for (int row = 0; row < rows[i].count(); row++) {
        reader.pick(frame, component, rows[i].at(row), columns[i], samples[i], at);
        at += columns[i].count();
      }
    }
  }

  /** Becomes a copy of another, to outlive the picture it was taken from. */
  public void copyFrom(SampledPicture other) {
    if (!isComparable(other)) {
      layOut(other.format, other.widthPx, other.heightPx);
    }
    for (int i = 0; i < samples.length; i++) {
      System.arraycopy(other.samples[i], 0, samples[i], 0, samples[i].length);
    }
  }

  /** Both were taken from pictures of one size and format. */
  public boolean isComparable(SampledPicture other) {
    return other.format != null && isLaidOutFor(other.format, other.widthPx, other.heightPx);
  }

  /**
   * Mean absolute difference of all components, weighted by the size of their planes as
   * freezedetect does, 0 to 1; 1 if the two are not comparable.
   */
  public double difference(SampledPicture other) {
    return isComparable(other) ? difference(other, lumaDifference(other)) : 1;
  }

  /** The same where that of luma is known. */
  double difference(SampledPicture other, double lumaDifference) {
    long size = planeSize(0);
    double sum = lumaDifference * size;
    for (int i = 1; i < samples.length; i++) {
      long planeSize = planeSize(i);
      sum += meanDifference(samples[i], other.samples[i]) * planeSize;
      size += planeSize;
    }
    return sum / size;
  }

  /** The same of luma alone. */
  double lumaDifference(SampledPicture other) {
    return meanDifference(samples[0], other.samples[0]);
  }

  /** Writes a picture that was sampled; about 46 kB for 4:2:0. */
  void write(DataOutput out) throws IOException {
    format.write(out);
    out.writeInt(widthPx);
    out.writeInt(heightPx);
    for (byte[] component : samples) {
      out.writeInt(component.length);
      out.write(component);
    }
  }

  /**
   * Becomes what another wrote.
   *
   * @throws IOException if it was written with another grid
   */
  void read(DataInput in) throws IOException {
    layOut(PixelFormat.read(in), in.readInt(), in.readInt());
    for (byte[] component : samples) {
      int length = in.readInt();
      if (length != component.length) {
        throw new IOException(
            "samples of %dx%d pictures: %d written, this version keeps %d"
                .formatted(widthPx, heightPx, length, component.length));
      }
      in.readFully(component);
    }
  }

  PixelFormat format() {
    return format;
  }

  byte[] luma() {
    return samples[0];
  }

  byte[] component(int index) {
    return samples[index];
  }

  private static double meanDifference(byte[] a, byte[] b) {
    int sum = 0; // at most 255 * 250,000 samples
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length / LEVELS;
  }

  private long planeSize(int component) {
    int plane = components.get(component).plane();
    return (long) format.columns(plane, widthPx) * format.rows(plane, heightPx);
  }

  private boolean isLaidOutFor(PixelFormat format, int widthPx, int heightPx) {
    return this.format != null
        && this.widthPx == widthPx
        && this.heightPx == heightPx
        && (this.format == format || this.format.name().equals(format.name()));
  }

  private void layOut(PixelFormat format, int widthPx, int heightPx) {
    this.format = format;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    components = Component.of(format);
    rows = new Axis[components.size()];
    columns = new Axis[components.size()];
    samples = new byte[components.size()][];
    for (int i = 0; i < samples.length; i++) {
      int plane = components.get(i).plane();
      int share = i == 0 ? 1 : 2;
      rows[i] = Axis.sampling(format.rows(plane, heightPx), LUMA_ROWS / share);
      columns[i] = Axis.sampling(format.columns(plane, widthPx), LUMA_COLUMNS / share);
      samples[i] = new byte[rows[i].count() * columns[i].count()];
    }
  }
}
