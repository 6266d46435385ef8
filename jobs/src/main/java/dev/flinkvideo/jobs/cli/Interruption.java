package dev.flinkvideo.jobs.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end with the command's own exit code: its thread is
 * interrupted, its blocking call throws, and its try-with-resources blocks close what they hold. A
 * command that blocks declares InterruptedException (or lets Kafka's InterruptException pass) and
 * need do nothing else.
 */
final class Interruption {
  /** Closing a mini cluster takes a few seconds; who is not done by then never will be. */
  private static final long CLOSE_WITHIN_S = 30;

  private static volatile boolean requested;
  private static volatile int exitCode;

  private Interruption() {}

  /** Whether this process was told to end. */
  static boolean requested() {
    return requested;
  }

  /** Runs {@code command} on this thread and returns its exit code. */
  static int guard(IntSupplier command) {
    Thread thread = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> end(thread, done), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      exitCode = command.getAsInt();
      return exitCode;
    } finally {
      done.countDown();
      removeUnlessRunning(hook);
    }
  }

  private static void end(Thread command, CountDownLatch done) {
    requested = true;
    command.interrupt();
    try {
      boolean inTime = done.await(CLOSE_WITHIN_S, TimeUnit.SECONDS);
      // The JVM would answer a signal with 128 and its number; only a halt can say otherwise.
      Runtime.getRuntime().halt(inTime ? exitCode : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeUnlessRunning(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs, and ends the process as soon as it sees that the command is done.
    }
  }
}
