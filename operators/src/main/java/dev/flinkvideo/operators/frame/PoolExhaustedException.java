package dev.flinkvideo.operators.frame;

/**
 * The pool cannot carry another decoder. Not a failure of the task: fewer pictures, with a reason.
 */
public final class PoolExhaustedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean everTooLarge;

  private PoolExhaustedException(String message, boolean everTooLarge) {
    super(message);
    this.everTooLarge = everTooLarge;
  }

  /** It may fit when others have given something back. */
  static PoolExhaustedException full(long requestedBytes, FramePool pool) {
    return new PoolExhaustedException(
        "requestedBytes=%d poolBytes=%d freeBytes=%d largestFreeBytes=%d, %s"
            .formatted(
                requestedBytes,
                pool.sizeBytes(),
                pool.sizeBytes() - pool.leasedBytes(),
                pool.largestFreeBytes(),
                pool.topHolders()),
        false);
  }

  /** One owner would hold more than it may. */
  static PoolExhaustedException beyondShare(long requestedBytes, long heldBytes, FramePool pool) {
    return new PoolExhaustedException(
        "requestedBytes=%d heldBytes=%d, and one session may hold sessionLimitBytes=%d: decode.max-session-share=%s of poolBytes=%d"
            .formatted(
                requestedBytes,
                heldBytes,
                pool.ownerLimitBytes(),
                pool.maxOwnerShare(),
                pool.sizeBytes()),
        requestedBytes > pool.ownerLimitBytes());
  }

  /** A decoder holds more pictures than it leased slots for, and may not have a further one. */
  public static PoolExhaustedException noSlotLeft(FramePool pool, int slots) {
    return new PoolExhaustedException(
        "slots=%d all taken, poolBytes=%d leasedBytes=%d sessionLimitBytes=%d, %s"
            .formatted(
                slots,
                pool.sizeBytes(),
                pool.leasedBytes(),
                pool.ownerLimitBytes(),
                pool.topHolders()),
        false);
  }

  /** Even an empty pool could not carry it, or would not for one session alone. */
  public boolean everTooLarge() {
    return everTooLarge;
  }
}
