package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import java.util.Arrays;

/**
 * How steep edges are and whether they keep to a coding grid, from about 24 rows of luma at full
 * resolution. Everything is summed per column, so that the loops over pixels have no sum to carry
 * and run on vectors. Task thread only.
 *
 * <pre>
 *          i-5          i-1  i          i+4        steepness of i: the step from i-1 to i,
 *   ────────┐            ┌───●───────────┐         held against the rise over the nine
 *           └────────────┘               └──       pixels around it
 * </pre>
 */
final class EdgeMeter {
  private static final int ROWS = 24;

  /** Span over which an edge may rise, as the nine-pixel filter of Crete et al. */
  private static final int SPAN_PX = 9;

  private static final int AHEAD_PX = 4;

  /** Lower rises are noise, or the stairs that rounding makes of a soft slope. */
  private static final int LOWEST_EDGE = 12;

  /** Columns of coding blocks: 8 of MPEG-2, MPEG-4 and VP8, and a multiple of H.264's 4. */
  private static final int GRID_PX = 8;

  /** Higher steps belong to the scene, not to the coder. */
  private static final int HIGHEST_BLOCK_STEP = 16;

  /** Keeps a picture without any step from dividing by next to nothing. */
  private static final double LEAST_STEP = 0.1;

  /** Over fewer blocks any pattern looks like a grid. */
  private static final int LEAST_PERIODS = 8;

  private int[] luma = new int[0];
  private int[] before = new int[0];
  private int[] after = new int[0];
  private int[] steps = new int[0];
  private int[] rises = new int[0];
  private int[] edges = new int[0];
  private int[] steepEdges = new int[0];
  private int[] loneSteps = new int[0];
  private final int[] histogram = new int[HIGHEST_BLOCK_STEP * 2 * ROWS + 1];

  private double sharpness;
  private double blockiness;

  void measure(Frame frame, SampleReader reader) {
    int width = frame.widthPx();
    reset(width);
    Axis rows = Axis.sampling(frame.heightPx(), ROWS);
    for (int row = 0; row < rows.count(); row++) {
      reader.widen(frame, rows.at(row), luma);
      addRow();
    }
    long edgeSum = sum(edges);
    sharpness = edgeSum == 0 ? 0 : (double) sum(steepEdges) / edgeSum;
    blockiness = blockiness(width, rows.count());
  }

  /** 0 to 1; 0 where there is no edge at all. */
  double sharpness() {
    return sharpness;
  }

  /** 1 where no grid is to be seen. */
  double blockiness() {
    return blockiness;
  }

  private void reset(int width) {
    if (luma.length != width) {
      luma = new int[width];
      before = new int[width];
      after = new int[width];
      steps = new int[width];
      rises = new int[width];
      edges = new int[width];
      steepEdges = new int[width];
      loneSteps = new int[width];
      return;
    }
    Arrays.fill(edges, 0);
    Arrays.fill(steepEdges, 0);
    Arrays.fill(loneSteps, 0);
  }

  // C2 does not vectorise a loop that reads one array at two places, so neighbours are brought into
  // line by copying. That and positive() took a third off the time of a picture's edges.

  private void addRow() {
    shift(luma, 1, before);
    difference(luma, before, steps);
    shift(luma, SPAN_PX, before);
    difference(luma, before, rises);
    addEdges(steps, rises, edges, steepEdges);
    shift(steps, 1, before);
    shift(steps, -1, after);
    addLoneSteps(before, steps, after, loneSteps);
  }

  /** {@code to[i] = from[i - by]}; where there is none, the nearest. */
  private static void shift(int[] from, int by, int[] to) {
    int length = from.length - Math.abs(by);
    if (length <= 0) {
      Arrays.fill(to, from[0]);
      return;
    }
    System.arraycopy(from, Math.max(0, -by), to, Math.max(0, by), length);
    if (by > 0) {
      Arrays.fill(to, 0, by, from[0]);
    } else {
      Arrays.fill(to, length, to.length, from[from.length - 1]);
    }
  }

  private static void difference(int[] a, int[] b, int[] difference) {
    for (int i = 0; i < difference.length; i++) {
      difference[i] = Math.abs(a[i] - b[i]);
    }
  }

  /** {@code rises[i]} spans the pixels from i-9 to i, so the step in its middle is that of i-4. */
  private static void addEdges(int[] steps, int[] rises, int[] edges, int[] steepEdges) {
    for (int i = SPAN_PX; i < rises.length; i++) {
      int step = SPAN_PX * steps[i - AHEAD_PX];
      int onEdge = (LOWEST_EDGE - 1 - rises[i]) >> 31; // all ones on an edge, 0 off it
      edges[i] += step & onEdge;
      steepEdges[i] += positive(step - rises[i]) & onEdge;
    }
  }

  /** {@code Math.max(0, value)}, which C2 does not vectorise before Java 20. */
  private static int positive(int value) {
    return value & ~(value >> 31);
  }

  /** A step that stands out from those left and right of it. */
  private static void addLoneSteps(int[] before, int[] steps, int[] after, int[] loneSteps) {
    for (int i = 0; i < steps.length; i++) {
      int lone = positive(2 * steps[i] - before[i] - after[i]);
      loneSteps[i] += lone - positive(lone - HIGHEST_BLOCK_STEP);
    }
  }

  /**
   * Medians, because a coding grid reaches into most columns of one phase; an upright edge of the
   * scene stands in one.
   */
  private double blockiness(int width, int rows) {
    int periods = (width - 1) / GRID_PX - 1; // the first and last block touch the picture's edge
    if (periods < LEAST_PERIODS) {
      return 1;
    }
    int onGrid = 0;
    int all = 0;
    for (int phase = 0; phase < GRID_PX; phase++) {
      int median = medianOfPhase(phase, periods, rows);
      onGrid = Math.max(onGrid, median);
      all += median;
    }
    double offGrid = (double) (all - onGrid) / (GRID_PX - 1);
    double least = LEAST_STEP * rows;
    return (Math.max(onGrid, offGrid) + least) / (offGrid + least);
  }

  private int medianOfPhase(int phase, int periods, int rows) {
    Arrays.fill(histogram, 0, HIGHEST_BLOCK_STEP * rows + 1, 0);
    for (int period = 1; period <= periods; period++) {
      histogram[loneSteps[period * GRID_PX + phase]]++;
    }
    int median = 0;
    for (int below = histogram[0]; below <= periods / 2; below += histogram[median]) {
      median++;
    }
    return median;
  }

  private static long sum(int[] values) {
    long sum = 0;
    for (int value : values) {
      sum += value;
    }
    return sum;
  }
}
