package dev.flinkvideo.jobs.broker;

import dev.flinkvideo.jobs.BrokerUnreachableException;
import dev.flinkvideo.jobs.Brokers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka of one node (broker and controller, KRaft) in this JVM, listening on the loopback address
 * only: Kafka's production classes, no authentication, no replication. It is ready when {@link
 * #start} returns. Owned by whoever started it; {@link #close} stops it and, if it made its own
 * directory, deletes that.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final String bootstrap;
  private final Path directory;
  private final boolean temporary;
  private final KafkaRaftServer server;

  private EmbeddedBroker(int port, Path directory, boolean temporary, Map<String, String> more)
      throws IOException {
    this.bootstrap = HOST + ":" + port;
    this.directory = directory;
    this.temporary = temporary;
    if (!Files.exists(directory.resolve("meta.properties"))) {
      format(directory);
    }
    Properties settings = settings(port);
    more.forEach((key, value) -> settings.merge(key, value, (ours, theirs) -> ours + "," + theirs));
    this.server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
  }

  /** Starts one on a free port with a temporary directory. */
  public static EmbeddedBroker start() throws IOException {
    return start(0);
  }

  /**
   * Starts one with a temporary directory.
   *
   * @param port where it listens; 0 is any free one
   */
  public static EmbeddedBroker start(int port) throws IOException {
    int free = freePort(port);
    return started(
        new EmbeddedBroker(free, Files.createTempDirectory("flink-video-kafka-"), true, Map.of()));
  }

  /** Starts one that keeps its records in {@code directory}, or goes on with what is there. */
  public static EmbeddedBroker start(int port, Path directory) throws IOException {
    return start(port, directory, Map.of());
  }

  /**
   * Starts one with more of Kafka's settings.
   *
   * @param more what is there already is a list, and longer by it: listeners, for example
   */
  public static EmbeddedBroker start(int port, Path directory, Map<String, String> more)
      throws IOException {
    int free = freePort(port);
    return started(new EmbeddedBroker(free, Files.createDirectories(directory), false, more));
  }

  /** What to put into {@code bootstrap.servers}. */
  public String bootstrap() {
    return bootstrap;
  }

  /** Where its records lie. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    if (temporary) {
      DirectoryRemoval.remove(directory);
    }
  }

  private static EmbeddedBroker started(EmbeddedBroker broker) throws IOException {
    try {
      broker.server.startup();
      Brokers.connect(broker.bootstrap, READY_WITHIN).close();
      return broker;
    } catch (BrokerUnreachableException e) {
      broker.close();
      throw new IOException("the embedded Kafka does not answer at " + broker.bootstrap, e);
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  private static void format(Path directory) throws IOException {
    try {
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(1)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .run();
    } catch (Exception e) { // declared by Kafka, whatever it was
      throw new IOException("cannot prepare directory=%s for Kafka".formatted(directory), e);
    }
  }

  private Properties settings(int port) throws IOException {
    int controllerPort = freePort(0);
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.bootstrap.servers", HOST + ":" + controllerPort);
    settings.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://" + bootstrap);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("log.dirs", directory.toString());
    settings.put("auto.create.topics.enable", "false");

    // One node has nobody to replicate to.
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");

    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20)); // else 128 MiB heap
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    return settings;
  }

  /** {@code port} if it is free, or for 0 one that is. */
  private static int freePort(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on port=%d (%s): choose another one".formatted(port, e.getMessage()), e);
    }
  }
}
