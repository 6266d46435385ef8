package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.Lease;
import dev.flinkvideo.operators.frame.MallocFrameMemory;
import dev.flinkvideo.operators.frame.PixelFormat;
import dev.flinkvideo.operators.frame.PixelFormat.Chroma;
import dev.flinkvideo.operators.frame.PoolExhaustedException;
import java.util.Arrays;
import org.apache.flink.core.memory.MemoryUtils;

/** Draws pictures into frames of a real pool; closing it fails if a frame is still out. */
final class PicturePool implements AutoCloseable {
  static final PixelFormat YUV420 = yuv("yuv420p", 8, 1, 1);
  static final PixelFormat YUV422 = yuv("yuv422p", 8, 1, 0);
  static final PixelFormat YUV444 = yuv("yuv444p", 8, 0, 0);
  static final PixelFormat YUV420_10 = yuv("yuv420p10le", 10, 1, 1);
  static final PixelFormat YUV444_16 = yuv("yuv444p16le", 16, 0, 0);
  static final PixelFormat GREY = planar("gray", 8, 1, 0);
  static final PixelFormat GREY_10 = planar("gray10le", 10, 1, 0);
  static final PixelFormat RGB = planar("gbrp", 8, 3, 0);
  static final PixelFormat RGB_10 = planar("gbrp10le", 10, 3, 0);
  static final PixelFormat NV12 =
      new PixelFormat(
          "nv12",
          8,
          2,
          1,
          1,
          new int[] {1, 2},
          new boolean[] {false, true},
          0,
          new Chroma[] {new Chroma(1, 0), new Chroma(1, 1)});

  /** Bytes after each row, so that a stride taken for a width shows. */
  private static final int PADDING_BYTES = 24;

  private final FramePool pool = new FramePool(new MallocFrameMemory(16 << 20));

  /** The level of one sample, on the 8-bit scale. */
  interface Painter {
    int level(int component, int x, int y);
  }

  private static PixelFormat yuv(String name, int depth, int shiftX, int shiftY) {
    int bytes = depth > 8 ? 2 : 1;
    return new PixelFormat(
        name,
        depth,
        3,
        shiftX,
        shiftY,
        new int[] {bytes, bytes, bytes},
        new boolean[] {false, true, true},
        0,
        new Chroma[] {new Chroma(1, 0), new Chroma(2, 0)});
  }

  private static PixelFormat planar(String name, int depth, int planes, int lumaPlane) {
    int[] sampleBytes = new int[planes];
    Arrays.fill(sampleBytes, depth > 8 ? 2 : 1);
    return new PixelFormat(
        name, depth, planes, 0, 0, sampleBytes, new boolean[planes], lumaPlane, new Chroma[0]);
  }

  Frame draw(PixelFormat format, int widthPx, int heightPx, Painter painter) {
    return draw(format, widthPx, heightPx, /* fullRange= */ false, painter);
  }

  Frame draw(PixelFormat format, int widthPx, int heightPx, boolean fullRange, Painter painter) {
    int planes = format.planes();
    int[] strides = new int[planes];
    long[] addresses = new long[planes];
    long bytes = 0;
    for (int plane = 0; plane < planes; plane++) {
      strides[plane] = format.rowBytes(plane, widthPx) + PADDING_BYTES;
      addresses[plane] = bytes;
      bytes += (long) strides[plane] * format.rows(plane, heightPx);
    }
    Lease lease = lease(bytes);
    Lease.Slot slot = lease.take();
    MemoryUtils.UNSAFE.setMemory(slot.address(), bytes, (byte) 0xaa);
    for (int plane = 0; plane < planes; plane++) {
      addresses[plane] += slot.address();
      paint(format, plane, widthPx, heightPx, addresses[plane], strides[plane], painter);
    }
    Runnable giveBack =
        () -> {
          lease.give(slot.index());
          lease.close();
        };
    return new Frame(
        pool, "test", giveBack, format, widthPx, heightPx, fullRange, addresses, strides);
  }

  private Lease lease(long bytes) {
    try {
      return pool.lease("test", 1, bytes, 0);
    } catch (PoolExhaustedException e) {
      throw new AssertionError(e);
    }
  }

  private static void paint(
      PixelFormat format,
      int plane,
      int widthPx,
      int heightPx,
      long address,
      int stride,
      Painter painter) {
    int wordBytes = format.bitDepth() > 8 ? 2 : 1;
    int perColumn = format.sampleBytes()[plane] / wordBytes;
    for (int y = 0; y < format.rows(plane, heightPx); y++) {
      for (int i = 0; i < format.columns(plane, widthPx) * perColumn; i++) {
        int level = painter.level(plane + i % perColumn, i / perColumn, y);
        int sample = level << format.bitDepth() - 8;
        long at = address + (long) y * stride + (long) i * wordBytes;
        MemoryUtils.UNSAFE.putByte(at, (byte) sample);
        if (wordBytes == 2) {
          MemoryUtils.UNSAFE.putByte(at + 1, (byte) (sample >> 8));
        }
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
