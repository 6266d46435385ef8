package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.smoke.Smoke;
import dev.flinkvideo.jobs.smoke.SmokeSettings;
import dev.flinkvideo.jobs.smoke.SmokeSettings.GatewayAddresses;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Kafka that wants TLS and passwords and has an authorizer. The job and the gateway may do what
 * docs/deploy.md lists and nothing else; smoke, which looks on and is tested by it, comes by
 * another listener, as super user.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SecuredKafkaE2ECase {
  private static final String PASSWORD = "open-sesame";

  @TempDir private Path directory;
  private EmbeddedBroker broker;
  private Path keys;
  private int securedPort;

  @BeforeEach
  void start() throws Exception {
    keys = directory.resolve("keys.p12");
    securedPort = freePort();
    keytool(
        "-genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost -storetype PKCS12 -storepass %s -keystore %s"
            .formatted(PASSWORD, keys));
    broker = EmbeddedBroker.start(0, directory.resolve("kafka"), secured());
    Topics.DEFAULT.ensure(broker.bootstrap(), TopicCreation.unreplicated(2));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void shouldDoWithTheListedAclsAndNoOther() throws Exception {
    try (Admin admin = Brokers.connect(broker.bootstrap())) {
      admin.createAcls(ListedAcls.read()).all().get();
    }
    Configuration options = options("--delivery", "exactly-once", "--topics.create", "false");
    VideoJob.prepareTopics(options);
    try (LocalCluster cluster = new LocalCluster(options);
        Gateway gateway = new Gateway(gateway())) {
      cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
      gateway.start();

      List<Check> checks = new Smoke(looking(gateway)).run();

      assertThat(checks).hasSize(8).allMatch(Check::passed);
    }
  }

  @Test
  void shouldNameTheTopicsThatItsUserMayNotSee() {
    assertThatThrownBy(() -> VideoJob.prepareTopics(options("--topics.create", "false")))
        .isInstanceOf(TopicsException.class)
        .hasMessageContaining("not to be seen by this user: video.segments")
        .hasMessageContaining("allow to describe them");
  }

  private SmokeSettings looking(Gateway gateway) {
    return new SmokeSettings(
        broker.bootstrap(),
        Optional.empty(),
        Optional.of(
            new GatewayAddresses(
                "rtmp://127.0.0.1:%d/live".formatted(gateway.rtmpPort()),
                "srt://127.0.0.1:" + gateway.srtPort(),
                PASSWORD)),
        Optional.empty(),
        Path.of(System.getProperty("project.root", ".."), "jobs/footage"),
        line -> {});
  }

  private Map<String, String> secured() {
    return Map.of(
        "listeners",
        "SECURED://127.0.0.1:" + securedPort,
        "advertised.listeners",
        "SECURED://localhost:" + securedPort,
        "listener.security.protocol.map",
        "SECURED:SASL_SSL",
        "sasl.enabled.mechanisms",
        "PLAIN",
        "listener.name.secured.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_job=\"%s\" user_gateway=\"%s\";"
            .formatted(PASSWORD, PASSWORD),
        "listener.name.secured.ssl.keystore.location",
        keys.toString(),
        "listener.name.secured.ssl.keystore.password",
        PASSWORD,
        "authorizer.class.name",
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users",
        "User:ANONYMOUS");
  }

  private Map<String, String> client(String user) {
    return new TreeMap<>(
        Map.of(
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user, PASSWORD),
            "ssl.truststore.location",
            keys.toString(),
            "ssl.truststore.password",
            PASSWORD));
  }

  private Configuration options(String... further) {
    List<String> arguments = new ArrayList<>(List.of("--bootstrap", "localhost:" + securedPort));
    client("job").forEach((key, value) -> arguments.addAll(List.of("--kafka." + key, value)));
    arguments.addAll(List.of("--job.checkpoint-interval", "1s"));
    arguments.addAll(List.of(further));
    return JobConfiguration.parse(arguments.toArray(String[]::new));
  }

  private GatewayConfiguration gateway() throws IOException {
    StringBuilder properties = new StringBuilder();
    client("gateway")
        .forEach((key, value) -> properties.append("    %s: '%s'%n".formatted(key, value)));
    String yaml =
        """
        bind: 127.0.0.1
        publishers: [{stream: live/smoke, secret: %s}, {stream: smoke, secret: %s}]
        rtmp: {port: 0}
        srt: {port: 0}
        webrtc: {enabled: false}
        http: {port: 0}
        kafka:
          bootstrap: localhost:%d
          properties:
        %s"""
            .formatted(PASSWORD, PASSWORD, securedPort, properties);
    return GatewayConfiguration.read(Files.writeString(directory.resolve("ingest.yaml"), yaml));
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
