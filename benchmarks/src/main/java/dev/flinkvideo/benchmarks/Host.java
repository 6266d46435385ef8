package dev.flinkvideo.benchmarks;

import java.lang.management.ManagementFactory;

/** What a figure has to be read with. */
final class Host {
  private Host() {}

  static String describe() {
    return "%d cpus, load %.1f, Java %s, %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            Runtime.version(),
            System.getProperty("os.arch"));
  }
}
