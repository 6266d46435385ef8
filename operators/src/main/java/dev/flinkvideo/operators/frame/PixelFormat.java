package dev.flinkvideo.operators.frame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How samples lie in planes: what an analyzer must know, without FFmpeg's types.
 *
 * @param name FFmpeg's name, e.g. {@code yuv420p10le}
 * @param bitDepth bits of one sample, 8 to 16
 * @param planes number of planes
 * @param chromaShiftX log2 of the horizontal subsampling of chroma planes
 * @param chromaShiftY log2 of the vertical subsampling
 * @param sampleBytes distance between two samples of a plane, per plane
 * @param chromaPlane whether a plane is subsampled like chroma, per plane
 * @param lumaPlane the plane that holds luma (green for RGB)
 * @param chroma where Cb and Cr lie, empty for grey and RGB
 */
public record PixelFormat(
    String name,
    int bitDepth,
    int planes,
    int chromaShiftX,
    int chromaShiftY,
    int[] sampleBytes,
    boolean[] chromaPlane,
    int lumaPlane,
    Chroma[] chroma) {

  /** Where one chroma component lies. */
  public record Chroma(int plane, int offsetBytes) {}

  /** Visible samples of one row of a plane. */
  public int columns(int plane, int widthPx) {
    return chromaPlane[plane] ? ceilShift(widthPx, chromaShiftX) : widthPx;
  }

  /** Visible rows of a plane. */
  public int rows(int plane, int heightPx) {
    return chromaPlane[plane] ? ceilShift(heightPx, chromaShiftY) : heightPx;
  }

  public int rowBytes(int plane, int widthPx) {
    return columns(plane, widthPx) * sampleBytes[plane];
  }

  /** Writes it, for state that keeps samples of a picture. */
  public void write(DataOutput out) throws IOException {
    out.writeUTF(name);
    out.writeByte(bitDepth);
    out.writeByte(planes);
    out.writeByte(chromaShiftX);
    out.writeByte(chromaShiftY);
    for (int plane = 0; plane < planes; plane++) {
      out.writeByte(sampleBytes[plane]);
      out.writeBoolean(chromaPlane[plane]);
    }
    out.writeByte(lumaPlane);
    out.writeByte(chroma.length);
    for (Chroma component : chroma) {
      out.writeByte(component.plane());
      out.writeByte(component.offsetBytes());
    }
  }

  /** Reads what {@link #write} wrote. */
  public static PixelFormat read(DataInput in) throws IOException {
    String name = in.readUTF();
    int bitDepth = in.readByte();
    int planes = in.readByte();
    int chromaShiftX = in.readByte();
    int chromaShiftY = in.readByte();
    int[] sampleBytes = new int[planes];
    boolean[] chromaPlane = new boolean[planes];
    for (int plane = 0; plane < planes; plane++) {
      sampleBytes[plane] = in.readByte();
      chromaPlane[plane] = in.readBoolean();
    }
    int lumaPlane = in.readByte();
    Chroma[] chroma = new Chroma[in.readByte()];
    for (int i = 0; i < chroma.length; i++) {
      chroma[i] = new Chroma(in.readByte(), in.readByte());
    }
    return new PixelFormat(
        name,
        bitDepth,
        planes,
        chromaShiftX,
        chromaShiftY,
        sampleBytes,
        chromaPlane,
        lumaPlane,
        chroma);
  }

  private static int ceilShift(int value, int shift) {
    return (value + (1 << shift) - 1) >> shift;
  }
}
