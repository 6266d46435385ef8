package dev.flinkvideo.benchmarks;

import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.Brokers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Kafka in a process of its own ({@code flink-video broker} on this class path), so that what it
 * costs is not counted. It ends, and removes its records, with {@link #close} or with this process.
 */
final class BrokerProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final long END_WITHIN_S = 20;
  private static final String MAIN = "dev.flinkvideo.jobs.cli.FlinkVideo";

  private final String bootstrap;
  private final Process process;
  private final Thread atExit = new Thread(this::end);

  BrokerProcess() throws IOException, BrokerUnreachableException {
    int port = freePort();
    bootstrap = "127.0.0.1:" + port;
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    MAIN,
                    "broker",
                    "--port",
                    Integer.toString(port)))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      awaitReady();
    } catch (BrokerUnreachableException e) {
      close();
      throw e;
    }
  }

  String bootstrap() {
    return bootstrap;
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void awaitReady() throws BrokerUnreachableException {
    Brokers.connect(bootstrap, READY_WITHIN).close();
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
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
