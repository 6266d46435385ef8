package dev.flinkvideo.operators.analyze;

/**
 * Which rows, or columns, of a plane are sampled: {@code count} of them, {@code step} apart, each
 * in the middle of its share.
 */
record Axis(int first, int step, int count) {

  /**
   * About {@code wanted} of {@code length}, all of them where there are not more. The step is odd:
   * an even one would meet coding blocks at the same places over and over, and what changes in a
   * coded picture changes most at some of them.
   */
  static Axis sampling(int length, int wanted) {
    int step = 1 + 2 * Math.max(0, Math.round(((float) length / wanted - 1) / 2));
    int first = step / 2;
    return new Axis(first, step, (length - first + step - 1) / step);
  }

  int at(int index) {
    return first + index * step;
  }
}
