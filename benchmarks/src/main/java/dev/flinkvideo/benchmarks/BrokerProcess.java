package dev.flinkvideo.benchmarks;

import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.Brokers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.FileUtils;

/**
 * A Kafka in a process of its own ({@code flink-video broker} on this class path), so that what it
 * costs is not counted. It may be stopped and started again with its records. It ends, and removes
 * them, with {@link #close} or with this process.
 */
final class BrokerProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final long END_WITHIN_S = 20;
  private static final String MAIN = "dev.flinkvideo.jobs.cli.FlinkVideo";

  private final int port = freePort();
  private final Path records = Files.createTempDirectory("benchmark-kafka-");
  private final Thread atExit = new Thread(this::end);
  private Process process;

  BrokerProcess() throws IOException, BrokerUnreachableException {
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      startAgain();
    } catch (BrokerUnreachableException e) {
      close();
      throw e;
    }
  }

  /** After {@link #stop}; returns once it answers. */
  void startAgain() throws IOException, BrokerUnreachableException {
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    MAIN,
                    "broker",
                    "--dir",
                    records.toString(),
                    "--port",
                    Integer.toString(port)))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Brokers.connect(bootstrap(), READY_WITHIN).close();
  }

  /** SIGKILL: as a machine that is gone. */
  void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(END_WITHIN_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    FileUtils.deleteDirectoryQuietly(records.toFile());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
