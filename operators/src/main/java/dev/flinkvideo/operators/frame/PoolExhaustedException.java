package dev.flinkvideo.operators.frame;

/**
 * The pool cannot carry another decoder. Not a failure of the task: fewer pictures, with a reason.
 */
public final class PoolExhaustedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean everTooLarge;

  PoolExhaustedException(long requestedBytes, long sizeBytes, long freeBytes) {
    super(
        "requestedBytes=%d poolBytes=%d freeBytes=%d"
            .formatted(requestedBytes, sizeBytes, freeBytes));
    this.everTooLarge = requestedBytes > sizeBytes;
  }

  private PoolExhaustedException(String message) {
    super(message);
    this.everTooLarge = false;
  }

  /** A decoder holds more pictures than it leased slots for, and the pool has no further slot. */
  public static PoolExhaustedException noSlotLeft(FramePoolFigures pool, int slots) {
    return new PoolExhaustedException(
        "slots=%d all taken, poolBytes=%d leasedBytes=%d"
            .formatted(slots, pool.sizeBytes(), pool.leasedBytes()));
  }

  /** Even an empty pool could not carry it. */
  public boolean everTooLarge() {
    return everTooLarge;
  }
}
