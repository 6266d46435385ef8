package dev.flinkvideo.jobs.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what another process does. Stateless; any thread. */
public final class Waiting {
  private static final long LOOK_EVERY_MS = 100;

  private Waiting() {}

  /**
   * Looks ten times a second until {@code done}.
   *
   * @param what for the message of the exception, e.g. {@code two TaskManagers are registered}
   * @throws TimeoutException if that takes longer than {@code atMost}
   */
  public static void until(String what, Duration atMost, Callable<Boolean> done) throws Exception {
    long deadlineNs = System.nanoTime() + atMost.toNanos();
    while (!done.call()) {
      if (System.nanoTime() > deadlineNs) {
        throw new TimeoutException(
            "waited %d s, and still it is not so that %s".formatted(atMost.toSeconds(), what));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
  }
}
