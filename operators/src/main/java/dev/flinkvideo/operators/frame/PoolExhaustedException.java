package dev.flinkvideo.operators.frame;

/**
 * The pool cannot carry another decoder. Not a failure of the task: fewer pictures, with a reason.
 */
public final class PoolExhaustedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What there is too little of. */
  public enum Exceeded {
    /** It may fit when others have given something back. */
    FREE_MEMORY,
    /** One session alone may not hold so much. */
    SESSION_SHARE,
    /** Not even an empty pool could carry it. */
    POOL
  }

  private final Exceeded exceeded;

  private PoolExhaustedException(String message, Exceeded exceeded) {
    super(message);
    this.exceeded = exceeded;
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
        Exceeded.FREE_MEMORY);
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
        exceeded(requestedBytes, pool));
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
        Exceeded.FREE_MEMORY);
  }

  public Exceeded exceeded() {
    return exceeded;
  }

  private static Exceeded exceeded(long requestedBytes, FramePool pool) {
    if (requestedBytes > pool.sizeBytes()) {
      return Exceeded.POOL;
    }
    return requestedBytes > pool.ownerLimitBytes() ? Exceeded.SESSION_SHARE : Exceeded.FREE_MEMORY;
  }
}
