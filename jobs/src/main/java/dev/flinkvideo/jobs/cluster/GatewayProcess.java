package dev.flinkvideo.jobs.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code flink-video ingest} as a process of its own, on loopback and without keys. Owned by
 * whoever starts it; one thread.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final String READY = "gateway ready on kafka";

  private final Installation installation;
  private final String name;
  private final String bootstrap;
  private final Path logs;

  private JvmProcess process;
  private Ports ports = new Ports(0, 0, 0);

  /**
   * Where it is published to.
   *
   * @param srt 0 where there is no libsrt
   */
  public record Ports(int rtmp, int srt, int whip) {}

  private GatewayProcess(Installation installation, String name, String bootstrap, Path logs) {
    this.installation = installation;
    this.name = name;
    this.bootstrap = bootstrap;
    this.logs = logs;
  }

  /**
   * Starts one on any free ports.
   *
   * @param logs where its configuration and what it prints lie
   */
  public static GatewayProcess start(
      Installation installation, String name, String bootstrap, Path logs) throws Exception {
    GatewayProcess gateway = new GatewayProcess(installation, name, bootstrap, logs);
    gateway.restart();
    return gateway;
  }

  /** Starts it again, on the ports that it had. Returns when it answers. */
  public void restart() throws Exception {
    Files.createDirectories(logs);
    Path configuration = Files.writeString(logs.resolve(name + ".yaml"), configuration());
    process =
        JvmProcess.launcher(
            installation,
            name,
            logs,
            List.of("ingest", "--config", configuration.toString(), "--bootstrap", bootstrap));
    try {
      process.awaitLine(READY, READY_WITHIN);
      ports = new Ports(port("rtmp on port"), port("srt on port"), port("on http port"));
    } catch (Exception e) {
      process.close();
      throw e;
    }
  }

  public Ports ports() {
    return ports;
  }

  /** SIGKILL: it has no chance to say anything to anybody. Returns when it is gone. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }

  private String configuration() {
    return """
        name: %s
        bind: 127.0.0.1
        auth: none
        rtmp: {port: %d}
        srt: {port: %d}
        webrtc: {port: 0, httpPort: %d}
        http: {port: 0}
        """
        .formatted(name, ports.rtmp, ports.srt, ports.whip);
  }

  /** The number at the end of a line that it printed, or 0. */
  private int port(String text) throws Exception {
    return process
        .line(text)
        .map(line -> Integer.parseInt(line.strip().replaceAll(".* ", "")))
        .orElse(0);
  }
}
