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

  /** Even an empty pool could not carry it. */
  public boolean everTooLarge() {
    return everTooLarge;
  }
}
