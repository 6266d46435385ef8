package dev.flinkvideo.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.smoke.Smoke;
import dev.flinkvideo.jobs.smoke.SmokeSettings;
import dev.flinkvideo.jobs.smoke.SmokeSettings.GatewayAddresses;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smoke}: tries an installation, by what its consumers see. */
@Command(
    footer = {
      "",
      "It publishes two sessions, 'smoke' to the gateway and 'smoke-file' to Kafka, for a minute. A gateway with",
      "auth=keys must list the streams live/smoke and smoke with one secret, here in the variable FLINK_VIDEO_KEY.",
      "",
      "Examples:",
      "  flink-video smoke --bootstrap localhost:9094 --rest http://localhost:8081 \\",
      "    --kill 'docker compose kill taskmanager && docker compose start taskmanager'",
      "  flink-video smoke --bootstrap kafka:9092 --no-gateway --json"
    })
final class SmokeCommand implements Callable<Integer> {
  /** So that no secret is seen in the list of processes. */
  private static final String KEY_VARIABLE = "FLINK_VIDEO_KEY";

  @Spec private CommandSpec spec;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--rest",
      paramLabel = "URL",
      description = "REST address of the JobManager (default: do not ask it).")
  private URI rest;

  @Option(
      names = "--rtmp",
      paramLabel = "URL",
      defaultValue = "rtmp://localhost:1935/live",
      description = "The gateway's RTMP port (default: ${DEFAULT-VALUE}).")
  private String rtmp;

  @Option(
      names = "--srt",
      paramLabel = "URL",
      defaultValue = "srt://localhost:9000",
      description = "The gateway's SRT port (default: ${DEFAULT-VALUE}).")
  private String srt;

  @Option(names = "--no-gateway", description = "Feeds come without a gateway: try Kafka only.")
  private boolean noGateway;

  @Option(
      names = "--kill",
      paramLabel = "COMMAND",
      description =
          "A shell command that kills a TaskManager and starts another (default: none is killed).")
  private String kill;

  @Option(names = "--json", description = "The result as one JSON line.")
  private boolean json;

  SmokeCommand() {}

  @Override
  public Integer call() throws Exception {
    String key = System.getenv().getOrDefault(KEY_VARIABLE, "");
    PrintWriter err = spec.commandLine().getErr();
    SmokeSettings settings =
        new SmokeSettings(
            kafka.access(),
            Optional.ofNullable(rest),
            noGateway ? Optional.empty() : Optional.of(new GatewayAddresses(rtmp, srt, key)),
            Optional.ofNullable(kill),
            Installation.ofLauncher().footage(),
            line -> err.println("smoke: " + line));
    List<Check> checks = new Smoke(settings).run();
    boolean passed = checks.stream().allMatch(Check::passed);
    print(checks, passed);
    return passed ? 0 : 1;
  }

  private void print(List<Check> checks, boolean passed) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper().writeValueAsString(Map.of("passed", passed, "checks", checks)));
      return;
    }
    checks.forEach(check -> out.println(check.line()));
    out.println(passed ? "smoke passed" : "smoke failed");
  }
}
