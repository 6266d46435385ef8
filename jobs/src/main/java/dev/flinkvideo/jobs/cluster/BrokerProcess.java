package dev.flinkvideo.jobs.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code flink-video broker} as a process of its own. Owned by whoever starts it. */
public final class BrokerProcess implements AutoCloseable {
  private static final String READY = "kafka ready at ";
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private final JvmProcess process;
  private final String bootstrap;

  private BrokerProcess(JvmProcess process, String bootstrap) {
    this.process = process;
    this.bootstrap = bootstrap;
  }

  /**
   * Starts one and returns when it answers.
   *
   * @param data where its records lie
   * @param logs where what it prints lies
   */
  public static BrokerProcess start(Installation installation, Path data, Path logs)
      throws Exception {
    JvmProcess process =
        JvmProcess.launcher(
            installation,
            "broker",
            logs,
            List.of("broker", "--port", "0", "--dir", data.toString()));
    try {
      String ready = process.awaitLine(READY, READY_WITHIN);
      String bootstrap = ready.substring(ready.indexOf(READY) + READY.length()).strip();
      return new BrokerProcess(process, bootstrap);
    } catch (Exception e) {
      process.close();
      throw e;
    }
  }

  /** What to put into {@code bootstrap.servers}. */
  public String bootstrap() {
    return bootstrap;
  }

  @Override
  public void close() {
    process.close();
  }
}
