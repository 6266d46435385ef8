package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A file's units with the time stamps that its container leaves out, so that they can be paced and
 * grouped. What a container states stays as it is. Owns the file; one thread.
 *
 * <pre>
 *   decoding time absent at the start (Matroska with B-frames)  counted back from the first stated
 *   decoding time absent altogether (elementary streams)        the sum of the durations
 *   presentation time absent (elementary streams, AVI)          found by {@link PresentationOrder}
 * </pre>
 */
public final class CompleteTimes implements UnitSource {
  /** No codec delays its pictures by more (H.264 A.3.1), so a decoding time is known by then. */
  private static final int MAX_REORDER = 16;

  /** For a stream that tells nothing of its rate, as FFmpeg takes it for elementary streams. */
  private static final Rational FALLBACK_RATE = new Rational(25, 1);

  private record Timed(EncodedUnit unit, long durationTicks) {}

  private final FileSource file;
  private final long frameTicks;
  private final Deque<Timed> ready = new ArrayDeque<>();

  /** Finds the presentation times, or null if the container states them. */
  private final PresentationOrder order;

  private long nextDts;
  private long durationTicks;
  private boolean ended;

  /** Takes over {@code file}, and closes it if this throws. */
  public CompleteTimes(FileSource file) {
    this.file = file;
    try {
      frameTicks = frameTicks(file);
      order = readStart();
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public StreamFormat format() {
    return file.format();
  }

  @Override
  public PictureFormat picture() {
    return file.picture();
  }

  @Override
  public EncodedUnit next() {
    while (ready.isEmpty() && !ended) {
      readOne();
    }
    Timed next = ready.poll();
    if (next == null) {
      return null;
    }
    durationTicks = next.durationTicks;
    return next.unit;
  }

  @Override
  public long durationTicks() {
    return durationTicks;
  }

  @Override
  public void close() {
    if (order != null) {
      order.close();
    }
    file.close();
  }

  private static long frameTicks(FileSource file) {
    Rational rate = file.frameRate().isKnown() ? file.frameRate() : FALLBACK_RATE;
    double ticksPerSecond =
        (double) file.format().timeBaseDenominator() / file.format().timeBaseNumerator();
    return Math.max(1, Math.round(ticksPerSecond * rate.denominator() / rate.numerator()));
  }

  /** Reads until a decoding time is stated or none is to be expected. */
  private PresentationOrder readStart() {
    List<Timed> start = new ArrayList<>();
    boolean stated = false;
    // At least two, for the time between them.
    while (start.size() < 2 || !stated && start.size() <= MAX_REORDER) {
      EncodedUnit unit = file.next();
      if (unit == null) {
        break;
      }
      stated |= unit.dts() != EncodedUnit.NO_TIME;
      start.add(new Timed(unit, duration()));
    }
    if (start.isEmpty()) {
      ended = true;
      return null;
    }
    long delayTicks = picture().reorderDelay() * ticksBetween(start);
    nextDts = stated ? firstDts(start) : -delayTicks;
    PresentationOrder sorter = null;
    if (lacks(start.get(0).unit.pts()) && PresentationOrder.knows(format().codec())) {
      sorter = new PresentationOrder(file.codecId(), format(), delayTicks);
    }
    for (Timed timed : start) {
      give(timed, sorter);
    }
    return sorter;
  }

  private static long ticksBetween(List<Timed> start) {
    if (start.size() > 1 && !lacks(start.get(0).unit.dts()) && !lacks(start.get(1).unit.dts())) {
      return start.get(1).unit.dts() - start.get(0).unit.dts();
    }
    return start.get(0).durationTicks;
  }

  /** The first stated decoding time, less what passes before it. */
  private static long firstDts(List<Timed> start) {
    long before = 0;
    for (Timed timed : start) {
      if (!lacks(timed.unit.dts())) {
        return timed.unit.dts() - before;
      }
      before += timed.durationTicks;
    }
    throw new IllegalStateException("no decoding time is stated");
  }

  private static boolean lacks(long time) {
    return time == EncodedUnit.NO_TIME;
  }

  private void readOne() {
    EncodedUnit unit = file.next();
    if (unit == null) {
      ended = true;
      if (order != null) {
        order.finish(this::giveOrdered);
      }
      return;
    }
    give(new Timed(unit, duration()), order);
  }

  private long duration() {
    return file.durationTicks() > 0 ? file.durationTicks() : frameTicks;
  }

  private void give(Timed timed, PresentationOrder sorter) {
    EncodedUnit unit = timed.unit;
    long dts = lacks(unit.dts()) ? nextDts : unit.dts();
    nextDts = dts + timed.durationTicks;
    if (sorter != null) {
      sorter.add(at(unit, unit.pts(), dts), timed.durationTicks, this::giveOrdered);
      return;
    }
    boolean inOrder = lacks(unit.pts()) && picture().reorderDelay() == 0;
    ready.add(new Timed(at(unit, inOrder ? dts : unit.pts(), dts), timed.durationTicks));
  }

  private void giveOrdered(EncodedUnit unit, long ticks) {
    ready.add(new Timed(unit, ticks));
  }

  private static EncodedUnit at(EncodedUnit unit, long pts, long dts) {
    return new EncodedUnit(unit.data(), pts, dts, unit.key(), unit.contentHash());
  }
}
