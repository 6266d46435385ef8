package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.PixelFormat;

/**
 * Reads samples of one component of a picture on the 8-bit scale. A row is copied out of pool
 * memory in one piece, into a buffer that grows to the widest row and is reused; deeper samples are
 * little endian and shifted. Task thread only.
 */
final class SampleReader {
  private byte[] bytes = new byte[0];

  /** The sampled columns of a row, put into an array from {@code at} on. */
  void pick(Frame frame, Component component, int row, Axis columns, byte[] into, int at) {
    load(frame, component.plane(), row);
    byte[] from = bytes;
    int stride = columns.step() * component.stepBytes();
    int index = component.offsetBytes() + columns.first() * component.stepBytes();
    int shift = frame.format().bitDepth() - 8;
    int end = at + columns.count();
    if (shift == 0) {
      for (int i = at; i < end; i++, index += stride) {
        into[i] = from[index];
      }
      return;
    }
    for (int i = at; i < end; i++, index += stride) {
      into[i] = (byte) deep(from, index, shift);
    }
  }

  /** A whole row of luma. */
  void widen(Frame frame, int row, int[] into) {
    PixelFormat format = frame.format();
    int plane = format.lumaPlane();
    load(frame, plane, row);
    byte[] from = bytes;
    int columns = frame.widthPx();
    int shift = format.bitDepth() - 8;
    if (shift == 0) {
      for (int i = 0; i < columns; i++) {
        into[i] = from[i] & 0xff;
      }
      return;
    }
    for (int i = 0; i < columns; i++) {
      into[i] = deep(from, 2 * i, shift);
    }
  }

  private static int deep(byte[] from, int index, int shift) {
    int sample = (from[index] & 0xff) | (from[index + 1] & 0xff) << 8;
    return Math.min(sample >> shift, 255); // bits above the depth would be damage
  }

  private void load(Frame frame, int plane, int row) {
    int length = frame.format().rowBytes(plane, frame.widthPx());
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    frame.readRow(plane, row, bytes, length);
  }
}
