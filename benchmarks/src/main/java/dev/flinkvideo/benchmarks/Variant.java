package dev.flinkvideo.benchmarks;

/**
 * One way of decoding a clip, over and over, with one decoder that stays open. One thread; closed
 * by whoever made it.
 */
interface Variant extends AutoCloseable {
  String name();

  /**
   * Decodes the units of the clip from {@code from} on, before {@code to}.
   *
   * @return pictures that came out
   */
  int decode(int from, int to);

  /** Gives what is held back at the end of the clip, and how many pictures that were. */
  int drain();

  /** Back to the clip's start; not measured. */
  void rewind();

  @Override
  void close();
}
