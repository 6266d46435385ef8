package dev.flinkvideo.benchmarks;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What a gateway costs: this process is one, Kafka and each publisher (ffmpeg, 1080p30 at 4 Mbit/s)
 * are others. First with connections that are silent, then with streams; then, if asked, without
 * Kafka for a while.
 */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = "CPU and memory of a gateway per stream; what it does while Kafka is away.",
    footer = {
      "",
      "Examples:",
      "  benchmarks/run.sh ingest --protocol rtmp --idle 200 --active 20",
      "  benchmarks/run.sh ingest --protocol all --active 6 --kafka-away 20"
    })
public final class IngestBenchmark implements Callable<Integer> {
  private static final int FRAMES = 250;

  /** Played at 30 pictures a second instead of 25: 4 Mbit/s. */
  private static final ClipMaker.Size SIZE = new ClipMaker.Size(1920, 1080, 3_334_000);

  private static final int WARM_UP_S = 10;
  private static final String CONFIGURATION =
      """
      name: benchmark
      bind: 127.0.0.1
      auth: none
      rtmp: {port: 0}
      srt: {port: 0}
      webrtc: {port: 0, httpPort: 0}
      http: {port: 0}
      limits: {connectionsPerAddress: 500, strangers: 300, strangersPerAddress: 300}
      timeouts: {firstPictureMs: 3600000}
      """;

  @Spec private CommandSpec spec;

  @Mixin private Reporting reporting;

  @Option(
      names = "--protocol",
      defaultValue = "RTMP",
      description = "rtmp, srt, whip, or all in turn (default: ${DEFAULT-VALUE}).")
  private PublishingProtocol.Choice protocol;

  @Option(names = "--active", defaultValue = "6", description = "Streams (default: 6).")
  private int active;

  @Option(
      names = "--idle",
      defaultValue = "0",
      description = "RTMP publishers that are let in and send nothing (default: none).")
  private int idle;

  @Option(names = "--seconds", defaultValue = "20", description = "To measure (default: 20).")
  private int seconds;

  @Option(
      names = "--kafka-away",
      defaultValue = "0",
      description = {
        "Seconds for which Kafka is stopped at the end (default: not at all).",
        "Exits with 1 if a publisher is lost, a bound passed, a drop not counted or a stream does not go on."
      })
  private int kafkaAway;

  /**
   * What was measured; shares are of one core.
   *
   * @param idleCpuShare with the silent connections only
   * @param cpuSharePerStream what is more with the streams, by each
   * @param kilobytesPerIdle of resident memory
   * @param kilobytesPerStream likewise
   */
  record Result(
      String protocol,
      int idle,
      int active,
      double idleCpuShare,
      double cpuSharePerStream,
      double kilobytesPerIdle,
      double kilobytesPerStream,
      KafkaOutage.Result outage) {}

  IngestBenchmark() {}

  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new IngestBenchmark());
    System.exit(command.setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Host.describe());
    out.flush();
    Path clip = ClipMaker.of(reporting.home()).clip(SIZE, FRAMES);
    List<Process> publishers = new ArrayList<>();
    try (BrokerProcess broker = new BrokerProcess();
        Gateway gateway = gateway(broker)) {
      Result result = measure(broker, gateway, clip, publishers);
      out.println(describe(result));
      reporting.write(result);
      return verdict(result, out);
    } finally {
      publishers.forEach(Process::destroyForcibly);
    }
  }

  private static int verdict(Result result, PrintWriter out) {
    List<String> failures = result.outage() == null ? List.of() : result.outage().failures();
    failures.forEach(failure -> out.println("failed: " + failure));
    return failures.isEmpty() ? 0 : 1;
  }

  private Result measure(BrokerProcess broker, Gateway gateway, Path clip, List<Process> publishers)
      throws Exception {
    command(broker);
    long emptyBytes = ProcessUse.residentBytes();
    try (IdlePublishers silent = IdlePublishers.connect(gateway.rtmpPort(), idle);
        SegmentLog log = new SegmentLog(broker.bootstrap())) {
      TimeUnit.SECONDS.sleep(WARM_UP_S);
      double idleCpu = cpuShare();
      long idleBytes = ProcessUse.residentBytes();
      for (int i = 0; i < active; i++) {
        publishers.add(protocol.of(i).publish(clip, gateway, stream(i)));
      }
      GatewayFigures figures = new GatewayFigures(gateway);
      figures.awaitPublishers(idle + active);
      TimeUnit.SECONDS.sleep(WARM_UP_S);
      double activeCpu = cpuShare();
      long activeBytes = ProcessUse.residentBytes();
      KafkaOutage.Result outage =
          kafkaAway == 0
              ? null
              : KafkaOutage.run(broker, figures, configuration().buffers(), log, active, kafkaAway);
      return new Result(
          protocol.name(),
          silent.count(),
          active,
          idleCpu,
          (activeCpu - idleCpu) / active,
          idle == 0 ? 0 : (idleBytes - emptyBytes) / 1e3 / idle,
          (activeBytes - idleBytes) / 1e3 / active,
          outage);
    }
  }

  /** Every stream is live from its first picture on. */
  private void command(BrokerProcess broker) throws Exception {
    try (SessionTopics topics = new SessionTopics(broker.bootstrap())) {
      for (int i = 0; i < active; i++) {
        SourceSpecification source =
            SourceSpecification.push("source", protocol.of(i).transport(), "live/" + stream(i));
        command(topics, stream(i), source);
      }
      for (int i = 0; i < idle; i++) {
        String session = IdlePublishers.stream(i);
        command(
            topics,
            session,
            SourceSpecification.push(
                "source", PublishingProtocol.RTMP.transport(), "live/" + session));
      }
    }
  }

  private static void command(SessionTopics topics, String session, SourceSpecification source)
      throws Exception {
    DesiredConnection live = new DesiredConnection(source, 1, 1L, Role.LIVE, null, null);
    SessionCommand command =
        new SessionCommand(SessionCommand.VERSION, session, List.of(live), List.of(), 0);
    topics.write(Topics.COMMANDS, session, JsonRecords.write(command));
  }

  private static String stream(int i) {
    return "stream-" + i;
  }

  private double cpuShare() throws InterruptedException {
    long startNs = System.nanoTime();
    long startCpuNs = ProcessUse.cpuNs();
    TimeUnit.SECONDS.sleep(seconds);
    return (double) (ProcessUse.cpuNs() - startCpuNs) / (System.nanoTime() - startNs);
  }

  private static Gateway gateway(BrokerProcess broker) throws Exception {
    new SessionTopics(broker.bootstrap()).close(); // creates the topics
    Gateway gateway = new Gateway(configuration().withBootstrap(broker.bootstrap()));
    try {
      gateway.start();
      gateway.awaitReady();
      return gateway;
    } catch (IOException | InterruptedException e) {
      gateway.close();
      throw e;
    }
  }

  private static GatewayConfiguration configuration() {
    return GatewayConfiguration.parse("benchmark", CONFIGURATION);
  }

  private static String describe(Result result) {
    String text =
        "%s: %d idle cost %.1f %% of a core and %.0f kB each; %d active %.2f %% of a core and %.0f kB each"
            .formatted(
                result.protocol(),
                result.idle(),
                100 * result.idleCpuShare(),
                result.kilobytesPerIdle(),
                result.active(),
                100 * result.cpuSharePerStream(),
                result.kilobytesPerStream());
    return result.outage() == null ? text : text + "\n" + result.outage().describe();
  }
}
