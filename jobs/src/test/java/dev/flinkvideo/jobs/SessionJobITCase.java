package dev.flinkvideo.jobs;

import static dev.flinkvideo.jobs.ScriptedGateway.isLive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cli.CapturedRun;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.local.LocalMetrics;
import dev.flinkvideo.operators.session.SessionState;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both paths of the job on a real Kafka, with a gateway whose words are the test's. */
@Timeout(300)
class SessionJobITCase {
  private static final Path CLIP =
      Path.of(
          System.getProperty("project.root", ".."),
          "operators/src/test/resources/clips/h264-420-8.mp4");

  private static final String SPECIFICATION =
      """
      {"version":1,"session":"lobby",
       "sources":[{"name":"truck","transport":"srt","endpoint":"srt://truck:9000"},
                  {"name":"phone","transport":"webrtc","streamKey":"phone"}],
       "policy":{"standbys":1,"stallAfterMs":1500,"connectWithinMs":3000,"firstSegmentWithinMs":20000,
                 "reportWithinMs":20000,"backoffInitialMs":100,"returnAfterMs":1000,"quarantineFlaps":16}}
      """;

  private static final long STALL_AFTER_MS = 1_500;

  /** From a decision that is due to its command; takes milliseconds, and a busy machine longer. */
  private static final long COMMANDED_WITHIN_MS = 3_000;

  /** Until the source before is closed, too; until decoding goes on is never. */
  private static final Duration MOVED_WITHIN = Duration.ofSeconds(20);

  private static final Duration HELD_FOR = Duration.ofSeconds(30);
  private static final CountDownLatch HELD = new CountDownLatch(1);
  private static final CountDownLatch RELEASED = new CountDownLatch(1);
  private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

  @TempDir Path directory;
  private EmbeddedBroker broker;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void shouldMoveASessionWhileDecodingIsHeld() throws Exception {
    Configuration options = options();
    KafkaTopics kafka = new KafkaTopics(options);
    kafka.ensure();
    try (LocalCluster cluster = new LocalCluster(options)) {
      cluster.submit(
          environment -> {
            VideoJob.build(
                environment,
                options,
                kafka.segments(),
                new InterceptedSink<>(kafka.observations(), SessionJobITCase::hold),
                kafka.events(),
                kafka.rejected());
            sessions(environment, options, kafka, kafka.sessionEvents(), kafka.statuses());
          });
      run("publish", CLIP.toString(), "--session", "lobby");
      HELD.await();
      long heldNs = System.nanoTime();

      try (ScriptedGateway gateway = new ScriptedGateway(broker.bootstrap(), "lobby")) {
        put();
        long lastUnitNs = stream(gateway);
        gateway.awaitHealthy("the stall moves it", "phone", command -> isLive(command, "phone"));
        assertThat(millisSince(lastUnitNs))
            .isBetween(STALL_AFTER_MS, STALL_AFTER_MS + COMMANDED_WITHIN_MS);
        gateway.report(ReportKind.LIVE, "phone");
        gateway.awaitHealthy(
            "the old one is closed", "phone", command -> isOnlyOneNotStandby(command, "phone"));
        moveUntil(gateway, heldNs + HELD_FOR.toNanos());
        assertThat(RELEASED.getCount()).as("nothing was decoded meanwhile").isOne();
      } finally {
        RELEASED.countDown();
      }
    }
  }

  @Test
  void shouldGoOnWhereItWasWhenTheTaskFailsInEveryState() throws Exception {
    Configuration options = options();
    KafkaTopics kafka = new KafkaTopics(options);
    kafka.ensure();
    FAILED.clear();
    try (LocalCluster cluster = new LocalCluster(options);
        JobOutput output = new JobOutput(broker.bootstrap());
        ScriptedGateway gateway = new ScriptedGateway(broker.bootstrap(), "lobby")) {
      cluster.submit(
          environment ->
              sessions(
                  environment,
                  options,
                  kafka,
                  new InterceptedSink<>(
                      kafka.sessionEvents(), SessionJobITCase::failOnceInEveryState),
                  new InterceptedSink<>(kafka.statuses(), SessionJobITCase::failOnceIdle)));
      reportFromHall();
      output.awaitUntil("nobody wants the hall", () -> "idle".equals(state("hall")));
      assertThat(FAILED).containsExactly("idle");
      put();
      output.awaitUntil(
          "it streams",
          () -> gateway.reportHealthy("truck", "phone") && isStreaming(output, "truck"));
      output.awaitUntil(
          "it moved", () -> gateway.reportHealthy("phone") && isStreaming(output, "phone"));
      output.awaitUntil("it gave up", () -> FAILED.containsAll(List.of("stalled", "reconnecting")));
      output.awaitUntil(
          "it is back",
          () -> gateway.reportHealthy("truck", "phone") && isStreaming(output, "truck"));
      run("sessions", "remove", "lobby");
      output.awaitUntil("it is gone", () -> FAILED.contains("closed") && state("lobby") == null);

      assertThat(FAILED)
          .containsExactlyInAnyOrder(
              Arrays.stream(SessionState.values()).map(SessionState::label).toArray(String[]::new));
      assertThat(LocalMetrics.sum("numRestarts")).isEqualTo(FAILED.size());
      assertThat(
              gateway.commands.stream()
                  .map(SessionJobITCase::epoch)
                  .filter(epoch -> epoch > 0)
                  .toList())
          .as("a command that keeps standbys only has none")
          .isSorted();
      assertNothingIsDecidedTwice(gateway.commands);
      assertGoesOn(changes(output));
    }
  }

  @Test
  void shouldShowMoveAndRemoveSessionsFromTheCommandLine() throws Exception {
    Configuration options = options();
    KafkaTopics kafka = new KafkaTopics(options);
    kafka.ensure();
    try (LocalCluster cluster = new LocalCluster(options);
        JobOutput output = new JobOutput(broker.bootstrap());
        ScriptedGateway gateway = new ScriptedGateway(broker.bootstrap(), "lobby")) {
      cluster.submit(
          environment ->
              sessions(environment, options, kafka, kafka.sessionEvents(), kafka.statuses()));
      put();
      stream(gateway);
      output.awaitUntil(
          "it streams",
          () -> gateway.reportHealthy("truck", "phone") && isStreaming(output, "truck"));

      run("sessions", "move", "lobby", "phone", "--for", "1h");
      output.awaitUntil(
          "it moves",
          () -> gateway.reportHealthy("truck", "phone") && isLive(gateway.newest(), "phone"));
      gateway.report(ReportKind.LIVE, "phone");
      output.awaitUntil("it streams from phone", () -> isStreaming(output, "phone"));

      List<String> table = run("sessions", "list").out();
      assertThat(table.get(0)).startsWith("SESSION").contains("STATE", "SOURCE", "PINNED");
      assertThat(table.get(1)).startsWith("lobby").contains("phone", "pinned");
      assertThat(run("sessions", "show", "lobby").out().get(0)).contains("pinned to phone for 5");
      assertThat(run("sessions", "show", "lobby", "--json").out().get(0))
          .contains("\"specification\":{", "\"status\":{", "\"command\":{");
      assertThat(run("sessions", "list", "--json").out()).hasSize(1);

      CapturedRun wrong = at("sessions", "move", "lobby", "boat");
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("/pin/source: no source 'boat', allowed are [truck, phone]");

      run("sessions", "remove", "lobby");
      output.awaitUntil(
          "it is closed",
          () -> changes(output).stream().anyMatch(event -> event.to().equals("closed")));
      try (SessionTopics topics = new SessionTopics(broker.bootstrap())) {
        assertThat(topics.newest(Topics.COMMANDS)).isEmpty();
        assertThat(topics.newest(Topics.STATUS)).isEmpty();
      }
      for (Event event : output.events("lobby")) {
        assertThat(Schemas.faults(Schemas.EVENT, JsonRecords.write(event))).isEmpty();
      }
      List<String> rehearsed =
          run("rehearse", "--policy", policy("{\"standbys\":1}"), "--session", "lobby").out();
      assertThat(rehearsed).anyMatch(line -> line.endsWith("\"made\":true}"));
      assertThat(rehearsed).anyMatch(line -> !line.endsWith("\"made\":true}"));
    }
  }

  @Test
  void shouldRefuseAWrongSpecificationBeforeItIsSent() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("wrong.json"), SPECIFICATION.replace("\"srt\"", "\"srd\""));
    CapturedRun wrong = at("sessions", "put", file.toString());

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("/sources/0/transport: 'srd', allowed are [rtmp, srt, webrtc, file]");
    Files.writeString(file, SPECIFICATION.replace("stallAfterMs", "stallAfter"));
    assertThat(at("sessions", "put", file.toString()).err())
        .contains("/policy/stallAfter: unknown, allowed are [");
    Files.writeString(file, SPECIFICATION.replace("1500", "15"));
    assertThat(at("sessions", "put", file.toString()).err())
        .contains("/policy/stallAfterMs: 15, allowed are 500 to 604800000");
    assertThat(at("sessions", "show", "lobby").err()).contains("no session 'lobby'");
  }

  /** To and fro by an operator's word, as often as there is time. */
  private void moveUntil(ScriptedGateway gateway, long endNs) {
    for (String to = "truck"; System.nanoTime() < endNs; to = other(to)) {
      String target = to;
      run("sessions", "move", "lobby", target, "--for", "1h");
      await("it is to move to " + target)
          .pollInSameThread()
          .atMost(Duration.ofMillis(COMMANDED_WITHIN_MS))
          .until(() -> gateway.reportHealthy("truck", "phone") && isLive(gateway.newest(), target));
      await("it moves to " + target)
          .pollInSameThread()
          .atMost(MOVED_WITHIN)
          .until(
              () ->
                  gateway.reportHealthy("truck", "phone")
                      && isOnlyOneNotStandby(gateway.newest(), target));
    }
  }

  private static String other(String source) {
    return source.equals("truck") ? "phone" : "truck";
  }

  /** Truck goes live, phone stands by. Returns when the last unit of both came, or just before. */
  private static long stream(ScriptedGateway gateway) throws Exception {
    gateway.await("both are wanted", command -> command.connections().size() == 2);
    long lastUnitNs = System.nanoTime();
    for (String source : List.of("truck", "phone")) {
      gateway.report(ReportKind.OPENED, source);
      gateway.report(ReportKind.FIRST_SEGMENT, source);
    }
    gateway.report(ReportKind.LIVE, "truck");
    gateway.report(ReportKind.STATISTICS, "phone");
    return lastUnitNs;
  }

  private static long millisSince(long ns) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ns);
  }

  private static boolean isOnlyOneNotStandby(SessionCommand command, String source) {
    return isLive(command, source)
        && command.connections().stream().filter(c -> c.epoch() != null).count() == 1;
  }

  /** A decision that is made anew after a failure gives new numbers, if it opens anything. */
  private static void assertNothingIsDecidedTwice(List<SessionCommand> commands) {
    for (int i = 1; i < commands.size(); i++) {
      SessionCommand before = commands.get(i - 1);
      SessionCommand command = commands.get(i);
      assertThat(
              !command.connections().isEmpty()
                  && command.connections().equals(before.connections())
                  && command.awaited().equals(before.awaited()))
          .as("%s after %s", command, before)
          .isFalse();
    }
  }

  /** From where it was, or, as a checkpoint has it, from one or two changes before. */
  private static void assertGoesOn(List<Event> changes) {
    for (int i = 1; i < changes.size(); i++) {
      List<String> lately =
          changes.subList(Math.max(0, i - 2), i).stream()
              .flatMap(change -> Stream.of(change.from(), change.to()))
              .toList();
      assertThat(lately).contains(changes.get(i).from());
    }
  }

  private static long epoch(SessionCommand command) {
    return command.connections().stream()
        .filter(connection -> connection.epoch() != null)
        .mapToLong(connection -> connection.epoch())
        .max()
        .orElse(0);
  }

  private static boolean isStreaming(JobOutput output, String source) {
    List<Event> changes = changes(output);
    return !changes.isEmpty()
        && changes.get(changes.size() - 1).to().equals("streaming")
        && source.equals(changes.get(changes.size() - 1).source());
  }

  private static List<Event> changes(JobOutput output) {
    return output.events("lobby", EventKind.SESSION_CHANGED);
  }

  private static void sessions(
      StreamExecutionEnvironment environment,
      Configuration options,
      KafkaTopics kafka,
      Sink<Event> events,
      Sink<SessionStatus> statuses) {
    JobEnvironment.configure(environment, options);
    VideoJob.buildSessions(
        environment,
        options,
        new VideoJob.SessionSources(kafka.sessions(), kafka.reports(), kafka.alarms()),
        new VideoJob.SessionSinks(kafka.commands(), events, statuses, kafka.rejected()));
  }

  /** A gateway holds a connection of a session that nobody has specified. */
  private void reportFromHall() throws Exception {
    try (SessionTopics topics = new SessionTopics(broker.bootstrap())) {
      topics.write(
          Topics.REPORTS,
          "hall",
          JsonRecords.write(
              ConnectionReport.builder(ReportKind.STATISTICS, "gateway-1")
                  .source("hall", "truck")
                  .connection(1)
                  .role(Role.STANDBY)
                  .statistics(
                      new ConnectionStatistics(0, 30, 1, null, null, null, null, null, null, null))
                  .build(System.currentTimeMillis())));
    }
  }

  /** As its status has it; null if it has none. */
  private String state(String session) {
    try (SessionTopics topics = new SessionTopics(broker.bootstrap())) {
      byte[] status = topics.newest(Topics.STATUS).get(session);
      return status == null ? null : JsonRecords.readStatus(status).state();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Configuration options() {
    return JobConfiguration.parse(
        "--bootstrap",
        broker.bootstrap(),
        "--observe",
        "frame",
        "--job.checkpoint-interval",
        "300ms");
  }

  private void put() throws Exception {
    Path file = Files.writeString(directory.resolve("lobby.json"), SPECIFICATION);
    run("sessions", "put", file.toString());
  }

  private String policy(String json) throws IOException {
    return Files.writeString(directory.resolve("policy.json"), json).toString();
  }

  private CapturedRun run(String... arguments) {
    CapturedRun run = at(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private CapturedRun at(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--bootstrap";
    all[arguments.length + 1] = broker.bootstrap();
    return CapturedRun.of(all);
  }

  /** Lets the decoder wait at its first picture until it is released. */
  private static void hold(Observation observation) throws InterruptedException {
    HELD.countDown();
    RELEASED.await();
  }

  /** No change leads there: a session begins in it. */
  private static void failOnceIdle(SessionStatus status) throws IOException {
    if ("idle".equals(status.state()) && FAILED.add(status.state())) {
      throw new IOException("the sink fails, as it was told to, in " + status.state());
    }
  }

  /** Takes the task down the first time that a session comes into each state. */
  private static void failOnceInEveryState(Event event) throws IOException {
    if (event.kind() == EventKind.SESSION_CHANGED && FAILED.add(event.to())) {
      throw new IOException("the sink fails, as it was told to, in " + event.to());
    }
  }
}
