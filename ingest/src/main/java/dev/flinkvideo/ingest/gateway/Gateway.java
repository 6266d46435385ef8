package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.kafka.CommandFollower;
import dev.flinkvideo.ingest.kafka.RecordSender;
import dev.flinkvideo.ingest.kafka.SegmentBuffer;
import dev.flinkvideo.ingest.kafka.SegmentSender;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway process: its ports, its connections, and what ties them to Kafka. Started and closed
 * by its owner, once.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final String SEGMENTS = "video.segments";
  private static final String COMMANDS = "video.commands";
  private static final String REPORTS = "video.reports";
  private static final String SESSIONS = "video.sessions";
  private static final long BYTES_PER_MEGABYTE = 1 << 20;
  private static final long TICK_S = 1;
  private static final long GREET_S = 10;
  private static final long LOOK_EVERY_MS = 20;

  private final SegmentBuffer buffer;
  private final SegmentSender segments;
  private final RecordSender records;
  private final Connections connections;
  private final CommandFollower follower;
  private final MediaPorts ports;
  private final GatewayHttp http;
  private final ScheduledExecutorService clock;

  public Gateway(GatewayConfiguration configuration) throws IOException {
    GatewayConfiguration.Kafka kafka = configuration.kafka();
    Properties client = new Properties();
    client.putAll(kafka.properties());
    client.setProperty("bootstrap.servers", kafka.bootstrap());
    GatewayConfiguration.Buffers bounds = configuration.buffers();
    buffer =
        new SegmentBuffer(
            bounds.kafkaMegabytes() * BYTES_PER_MEGABYTE,
            Duration.ofSeconds(bounds.kafkaSeconds()));
    segments = new SegmentSender(client, kafka.topicPrefix() + SEGMENTS, buffer);
    records = new RecordSender(client);
    String reportsTopic = kafka.topicPrefix() + REPORTS;
    String sessionsTopic = kafka.topicPrefix() + SESSIONS;
    DtlsIdentity identity = DtlsIdentity.create();
    connections =
        new Connections(
            new Pulls(configuration, identity),
            buffer,
            new Reports(name(configuration), report -> records.send(reportsTopic, report)),
            new Newcomers(
                configuration.createSessions(),
                configuration.limits().createdSessions(),
                specification -> records.send(sessionsTopic, specification)),
            () ->
                new GroupRing(
                    bounds.groupMegabytes() * BYTES_PER_MEGABYTE,
                    TimeUnit.SECONDS.toMicros(bounds.standbySeconds())));
    follower =
        new CommandFollower(
            client,
            kafka.topicPrefix() + COMMANDS,
            configuration.createSessions().isEmpty() ? null : sessionsTopic,
            kafka.group(),
            connections);
    Refusals refusals = new Refusals();
    ports = new MediaPorts(configuration, connections, refusals, identity);
    GatewayMetrics metrics =
        new GatewayMetrics(connections, buffer, segments, records, follower, refusals);
    http = new GatewayHttp(configuration.http(), connections, metrics);
    clock = Executors.newSingleThreadScheduledExecutor(Gateway::clockThread);
  }

  public void start() throws IOException {
    segments.start();
    records.start();
    http.start();
    ports.open();
    follower.start();
    clock.scheduleAtFixedRate(guarded(connections::greet), 0, GREET_S, TimeUnit.SECONDS);
    clock.scheduleAtFixedRate(guarded(connections::tick), TICK_S, TICK_S, TimeUnit.SECONDS);
  }

  /** Where RTMP publishers are let in, or 0 if they are not. */
  public int rtmpPort() {
    return ports.rtmpPort();
  }

  /** Where SRT publishers are let in, or 0 if they are not. */
  public int srtPort() {
    return ports.srtPort();
  }

  /** Where WHIP publishers and browsers come to, or 0 if they are not let in. */
  public int whipPort() {
    return ports.whipPort();
  }

  /** UDP port of the media of WebRTC, or 0. */
  public int mediaPort() {
    return ports.mediaPort();
  }

  public int httpPort() {
    return http.port();
  }

  /** Whether all commands that were there at the start are being followed. */
  public boolean isReady() {
    return connections.isCaughtUp();
  }

  /** Returns once it {@link #isReady}. */
  public void awaitReady() throws InterruptedException {
    while (!isReady()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
  }

  /** Closes every connection, says so, and lets other gateways take over. */
  @Override
  public void close() {
    clock.shutdownNow();
    connections.stop();
    ports.close();
    follower.close();
    records.close();
    segments.close();
    http.close();
  }

  private static String name(GatewayConfiguration configuration) {
    if (!configuration.name().isEmpty()) {
      return configuration.name();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "gateway-" + ProcessHandle.current().pid();
    }
  }

  /** A scheduled task that throws is never run again. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a tick of the gateway failed", e);
      }
    };
  }

  private static Thread clockThread(Runnable task) {
    Thread thread = new Thread(task, "gateway-clock");
    thread.setDaemon(true);
    return thread;
  }
}
