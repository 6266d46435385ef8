package dev.flinkvideo.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What the job is held against: bare decoders, measured on the calling thread while the job does
 * not run. One stream alone is the least that decoding can cost. As many streams as the job has
 * sessions, each for the length of a segment in turn, is what their pictures pushing each other out
 * of the processor's caches makes of it, which no job of any kind could avoid.
 */
final class BareReference implements AutoCloseable {
  private static final int CHUNK_UNITS = 50;

  /** A tenth of a second, as long as a segment. */
  private static final int TURN_UNITS = 3;

  private final BareDecode alone;
  private final List<BareDecode> inTurn = new ArrayList<>();
  private final int units;

  /** CPU milliseconds per frame. */
  record Measured(double aloneMs, double inTurnMs) {
    static Measured between(Measured before, Measured after) {
      return new Measured(
          (before.aloneMs + after.aloneMs) / 2, (before.inTurnMs + after.inTurnMs) / 2);
    }
  }

  /**
   * @param maxUnits of the clip that one measurement decodes
   */
  BareReference(EncodedClip clip, int sessions, int maxUnits) {
    units = Math.min(maxUnits, clip.units().size());
    alone = new BareDecode("alone", clip);
    for (int i = 0; i < sessions; i++) {
      inTurn.add(new BareDecode("in turn", clip));
    }
  }

  Measured measure() {
    Cost one = Cost.NOTHING;
    Cost several = Cost.NOTHING;
    for (int from = 0; from < units; from += CHUNK_UNITS) {
      int chunk = from;
      int to = Math.min(units, from + CHUNK_UNITS);
      one = one.plus(Cost.of(() -> alone.decode(chunk, to)));
      several = several.plus(Cost.of(() -> inTurn(chunk, to)));
    }
    one = one.plus(Cost.of(alone::drain));
    several = several.plus(Cost.of(() -> inTurn.stream().mapToInt(BareDecode::drain).sum()));
    alone.rewind();
    inTurn.forEach(BareDecode::rewind);
    return new Measured(one.cpuMsPerFrame(), several.cpuMsPerFrame());
  }

  @Override
  public void close() {
    alone.close();
    inTurn.forEach(BareDecode::close);
  }

  private int inTurn(int from, int to) {
    int pictures = 0;
    for (int turn = from; turn < to; turn += TURN_UNITS) {
      for (BareDecode decoder : inTurn) {
        pictures += decoder.decode(turn, Math.min(to, turn + TURN_UNITS));
      }
    }
    return pictures;
  }
}
