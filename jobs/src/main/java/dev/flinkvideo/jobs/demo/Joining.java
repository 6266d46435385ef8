package dev.flinkvideo.jobs.demo;

/** Waits for a thread that was told to end, without being cut short by an interrupt. */
final class Joining {
  private Joining() {}

  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
