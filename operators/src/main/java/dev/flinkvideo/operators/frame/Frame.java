package dev.flinkvideo.operators.frame;

import java.util.Objects;
import org.apache.flink.core.memory.MemoryUtils;

/**
 * One decoded picture in pool memory. It has one owner and its life is a block: take it in a
 * try-with-resources and keep neither it nor its buffer. Using it after {@link #close} throws. It
 * never enters state, a stream record or a field. Task thread only.
 */
public final class Frame implements AutoCloseable {
  private static final long ARRAY_OFFSET = MemoryUtils.UNSAFE.arrayBaseOffset(byte[].class);

  private final FramePool pool;
  private final String owner;
  private final Runnable giveBack;
  private final PixelFormat format;
  private final int widthPx;
  private final int heightPx;
  private final boolean fullRange;
  private final long[] addresses;
  private final int[] strides;
  private final long generation;
  private final long takenAtNs;
  private boolean open = true;

  /**
   * @param giveBack lets go of the memory; called once, by {@link #close}
   * @param fullRange luma goes from 0 to 255 and not from 16 to 235
   * @param addresses where the visible part of each plane begins
   * @param strides bytes from one row to the next, per plane
   */
  public Frame(
      FramePool pool,
      String owner,
      Runnable giveBack,
      PixelFormat format,
      int widthPx,
      int heightPx,
      boolean fullRange,
      long[] addresses,
      int[] strides) {
    this.pool = pool;
    this.owner = owner;
    this.giveBack = giveBack;
    this.format = format;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.fullRange = fullRange;
    this.addresses = addresses;
    this.strides = strides;
    this.generation = pool.nextGeneration();
    this.takenAtNs = pool.nowNs();
    pool.opened(this);
  }

  public int widthPx() {
    return widthPx;
  }

  public int heightPx() {
    return heightPx;
  }

  public PixelFormat format() {
    return format;
  }

  public boolean fullRange() {
    return fullRange;
  }

  public String owner() {
    return owner;
  }

  long generation() {
    return generation;
  }

  long takenAtNs() {
    return takenAtNs;
  }

  long bytes() {
    long bytes = 0;
    for (int plane = 0; plane < format.planes(); plane++) {
      bytes += (long) strides[plane] * format.rows(plane, heightPx);
    }
    return bytes;
  }

  /** Copies {@code length} bytes of a row, from the visible left edge on, into an array. */
  public void readRow(int plane, int row, byte[] into, int length) {
    checkOpen();
    Objects.checkIndex(row, format.rows(plane, heightPx));
    Objects.checkFromIndexSize(0, length, Math.min(into.length, strides[plane]));
    long from = addresses[plane] + (long) row * strides[plane];
    MemoryUtils.UNSAFE.copyMemory(null, from, into, ARRAY_OFFSET, length);
  }

  /** Gives the picture back. A second call throws: it would give back somebody else's. */
  @Override
  public void close() {
    checkOpen();
    open = false;
    pool.closed(this);
    giveBack.run();
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException("frame of " + owner + " was given back already");
    }
  }
}
