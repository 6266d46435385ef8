package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cli.CapturedRun;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.smoke.Smoke;
import dev.flinkvideo.jobs.smoke.SmokeSettings;
import dev.flinkvideo.jobs.smoke.SmokeSettings.GatewayAddresses;
import java.io.IOException;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Kafka that wants TLS and passwords and has an authorizer, where topics have a prefix. The job,
 * the gateway and whoever uses the launcher may do what docs/deploy.md lists and nothing else; only
 * topics and ACLs are made by another listener, as super user.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SecuredKafkaE2ECase {
  private static final String PASSWORD = "open-sesame";
  private static final Topics TOPICS = new Topics("studio1.");
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(30);
  private static final Path FOOTAGE =
      Path.of(System.getProperty("project.root", ".."), "jobs/footage");

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
    TOPICS.ensure(broker.bootstrap(), TopicCreation.unreplicated(2));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void shouldDoWithTheListedAclsAndNoOther() throws Exception {
    allowWhatIsListed();
    Configuration options = options("--delivery", "exactly-once", "--topics.create", "false");
    VideoJob.prepareTopics(options);
    try (LocalCluster cluster = new LocalCluster(options);
        Gateway gateway = new Gateway(gateway())) {
      cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
      gateway.start();

      List<Check> checks = new Smoke(looking(gateway)).run();

      assertThat(checks).hasSize(8).allMatch(Check::passed);
      saySeeAndPlay();
    }
  }

  /** What people do with the launcher, by its own options. */
  private void saySeeAndPlay() throws Exception {
    Path wanted =
        Files.writeString(
            directory.resolve("lobby.json"),
            """
            {"version": 1, "session": "lobby",
             "sources": [{"name": "door", "transport": "rtmp", "streamKey": "live/lobby"}]}
            """);
    assertThat(launch("sessions", "put", wanted.toString()).out())
        .containsExactly("session lobby has 1 sources");
    Awaitility.await()
        .atMost(SEEN_WITHIN)
        .untilAsserted(
            () ->
                assertThat(launch("sessions", "list").out())
                    .anyMatch(line -> line.matches("lobby +(re)?connecting .*")));
    assertThat(launch("sessions", "show", "lobby").out())
        .anyMatch(line -> line.startsWith("door "));
    Path clip = FOOTAGE.resolve("bottle-detection.mp4");
    assertThat(launch("publish", clip.toString(), "--session", "bottles").out())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("published ");
    List<String> observed =
        launch("tail", "video.observations", "--from-beginning", "--max", "1").out();
    assertThat(observed)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("\"kind\":\"interval\"");
    assertThat(launch("sessions", "remove", "lobby").out())
        .containsExactly("session lobby is removed");
  }

  @Test
  void shouldTellAPersonWhatIsWrongWithTheWayIn() throws Exception {
    assertThat(refused("--kafka-properties", "nowhere.properties")).contains("does not exist");
    Path mistyped = Files.writeString(directory.resolve("a"), "sasl.mechansim=PLAIN");
    assertThat(refused("--kafka-properties", mistyped.toString()))
        .contains("unknown key 'sasl.mechansim', did you mean 'sasl.mechanism'?");
    assertThat(refused("--kafka-properties", clientFile("operator", "wrong").toString()))
        .contains("does not let this client in (Authentication failed")
        .doesNotContain("wrong");
    assertThat(refused("--kafka-properties", clientFile("operator", PASSWORD).toString()))
        .contains("may not create them: studio1.video.sessions, studio1.video.status");
  }

  @Test
  void shouldNameTheTopicsThatItsUserMayNotSee() {
    assertThatThrownBy(() -> VideoJob.prepareTopics(options("--topics.create", "false")))
        .isInstanceOf(TopicsException.class)
        .hasMessageContaining("not to be seen by this user: studio1.video.segments")
        .hasMessageContaining("allow to describe them");
  }

  private void allowWhatIsListed() throws Exception {
    try (Admin admin = Brokers.connect(broker.bootstrap())) {
      admin.createAcls(ListedAcls.read(TOPICS.prefix())).all().get();
    }
  }

  private CapturedRun launch(String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--bootstrap", "localhost:" + securedPort));
    words.addAll(List.of("--kafka-properties", clientFile("operator", PASSWORD).toString()));
    words.addAll(List.of("--topics.prefix", TOPICS.prefix()));
    CapturedRun run = CapturedRun.of(words.toArray(String[]::new));
    assertThat(run.exitCode()).as("%s: %s", words, run.err()).isZero();
    return run;
  }

  /** The one line that is said instead of a list. */
  private String refused(String option, String value) {
    CapturedRun run =
        CapturedRun.of(
            "sessions",
            "list",
            "--topics.prefix",
            TOPICS.prefix(),
            "--bootstrap",
            "localhost:" + securedPort,
            option,
            value);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).hasLineCount(1);
    return run.err();
  }

  private Path clientFile(String user, String password) throws IOException {
    Properties properties = new Properties();
    properties.putAll(client(user, password));
    Path file = directory.resolve(user + "-" + password + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }

  private SmokeSettings looking(Gateway gateway) {
    Properties settings = new Properties();
    settings.putAll(client("operator", PASSWORD));
    return new SmokeSettings(
        new KafkaAccess("localhost:" + securedPort, TOPICS, settings),
        Optional.empty(),
        Optional.of(
            new GatewayAddresses(
                "rtmp://127.0.0.1:%d/live".formatted(gateway.rtmpPort()),
                "srt://127.0.0.1:" + gateway.srtPort(),
                PASSWORD)),
        Optional.empty(),
        FOOTAGE,
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
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_job=\"%s\" user_gateway=\"%s\" user_operator=\"%s\";"
            .formatted(PASSWORD, PASSWORD, PASSWORD),
        "listener.name.secured.ssl.keystore.location",
        keys.toString(),
        "listener.name.secured.ssl.keystore.password",
        PASSWORD,
        "authorizer.class.name",
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users",
        "User:ANONYMOUS");
  }

  private Map<String, String> client(String user, String password) {
    return new TreeMap<>(
        Map.of(
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user, password),
            "ssl.truststore.location",
            keys.toString(),
            "ssl.truststore.password",
            PASSWORD));
  }

  private Configuration options(String... further) {
    List<String> arguments = new ArrayList<>(List.of("--bootstrap", "localhost:" + securedPort));
    client("job", PASSWORD)
        .forEach((key, value) -> arguments.addAll(List.of("--kafka." + key, value)));
    arguments.addAll(
        List.of("--job.checkpoint-interval", "1s", "--topics.prefix", TOPICS.prefix()));
    arguments.addAll(List.of(further));
    return JobConfiguration.parse(arguments.toArray(String[]::new));
  }

  private GatewayConfiguration gateway() throws IOException {
    StringBuilder properties = new StringBuilder();
    client("gateway", PASSWORD)
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
          topicPrefix: %s
          properties:
        %s"""
            .formatted(PASSWORD, PASSWORD, securedPort, TOPICS.prefix(), properties);
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
