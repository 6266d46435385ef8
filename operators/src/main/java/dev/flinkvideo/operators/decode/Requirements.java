package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.frame.FramePool;

/**
 * What a TaskManager must have for decoding, asked when the task starts: one message with the
 * remedy, and not one per session later. Task thread only.
 */
final class Requirements {
  /** A dozen pictures of 128x96: less carries no stream that anybody sends. */
  static final long LEAST_SESSION_BYTES = 256 << 10;

  private Requirements() {}

  /**
   * Loads FFmpeg.
   *
   * @throws IllegalStateException if its jars, or what they link to, are not here
   */
  static void natives() {
    try {
      Ffmpeg.load();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "FFmpeg cannot be loaded here (%s): put the jars of jobs/target/dist/flink-lib into lib/ of every TaskManager,"
                  .formatted(e)
              + " built for its platform (os=%s arch=%s), and start it anew"
                  .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    }
  }

  /**
   * Looks whether one small decoder would fit.
   *
   * @throws IllegalStateException if the pool is too small for any
   */
  static void memory(FramePool pool, String operator) {
    if (pool.ownerLimitBytes() < LEAST_SESSION_BYTES) {
      throw new IllegalStateException(
          "%s: the frame pool has %d bytes and a session may have %d of them, less than the %d that a decoder of small pictures needs (4 MB carry 640x360, 30 MB 1920x1080): raise"
                  .formatted(
                      operator, pool.sizeBytes(), pool.ownerLimitBytes(), LEAST_SESSION_BYTES)
              + " taskmanager.memory.managed.size, or OPERATOR in"
              + " taskmanager.memory.managed.consumer-weights, or lower numberOfTaskSlots");
    }
  }
}
