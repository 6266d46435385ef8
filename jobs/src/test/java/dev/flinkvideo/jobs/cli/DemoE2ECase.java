package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Timeout(240)
class DemoE2ECase {
  @TempDir private Path directory;

  @Test
  void shouldSeeEveryPictureAndBothFaultsAndReportIt() throws Exception {
    Path file = directory.resolve("report.json");
    try (Launched demo =
        Launched.start(directory, "demo", "--duration", "30s", "--report", file.toString())) {
      demo.assertEndsCleanly();
      assertThat(demo.lines()).anyMatch(line -> line.startsWith("faulty "));
      assertThat(roaming(demo.lines()))
          .as("a session moves between real connections, and comes back")
          .containsSubsequence("by rtmp", "RTMP publisher killed", "by srt", "by rtmp");
    }

    JsonNode report = new ObjectMapper().readTree(file.toFile());
    assertFields(report, "sessions", "latencyMs", "memory", "gc", "host");
    assertSessions(elements(report.get("sessions")));
    assertThat(report.get("latencyMs")).isNotEmpty();
    report.get("latencyMs").forEach(stage -> assertFields(stage, "p50", "p95", "p99", "max"));
    assertThat(report.at("/latencyMs/total/p50").asDouble()).isPositive();
    JsonNode memory = report.get("memory");
    assertFields(memory, "budgetBytes", "peakBytes", "framesOutstanding");
    assertThat(memory.get("framesOutstanding").asLong()).isZero();
    assertThat(memory.get("peakBytes").asLong()).isBetween(1L, memory.get("budgetBytes").asLong());
    JsonNode gc = report.get("gc");
    assertFields(gc, "collections", "pauseMs", "maxPauseMs", "heapBytesPerFrame");
    assertThat(gc.get("heapBytesPerFrame").asLong()).isPositive();
    assertFields(report.get("host"), "cpus", "javaVersion", "flinkVersion");
    assertThat(report.at("/host/flinkVersion").asText()).startsWith("2.3");
  }

  @Test
  void shouldEndAtCtrlCAndLeaveNothingBehind() throws Exception {
    try (Launched demo = Launched.start(directory, "demo")) {
      demo.awaitLine("streaming");
      demo.interrupt();
      demo.assertEndsCleanly();
    }
  }

  /** What is done to the session that moves, and by what it is watched, as the demo says it. */
  private static List<String> roaming(List<String> lines) {
    Pattern told =
        Pattern.compile("(?:^|\\d  )roaming +(by (?:rtmp|srt|webrtc)|RTMP publisher killed)");
    return lines.stream()
        .map(told::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  private static void assertSessions(List<JsonNode> sessions) {
    assertThat(sessions)
        .extracting(session -> session.get("session").asText())
        .containsExactly("road", "corridor", "belt", "faulty");
    for (JsonNode session : sessions) {
      assertFields(session, "session", "framesIn", "framesOut", "segments", "drops", "alarms");
      assertThat(session.get("framesIn").asLong()).as(session.toString()).isGreaterThan(200);
      assertThat(session.get("framesOut").asLong())
          .as(session.toString())
          .isEqualTo(session.get("framesIn").asLong());
      assertThat(session.get("segments").asLong()).isPositive();
      assertThat(session.get("drops")).as(session.toString()).isEmpty();
    }
    List<JsonNode> alarms = elements(sessions.get(3).get("alarms"));
    assertRaisedAndCleared(alarms, "black");
    assertRaisedAndCleared(alarms, "frozen");
    assertThat(alarms)
        .allSatisfy(
            alarm -> assertThat(fields(alarm)).contains("kind", "raisedAtNs", "clearedAtNs"));
  }

  private static void assertRaisedAndCleared(List<JsonNode> alarms, String kind) {
    assertThat(alarms)
        .filteredOn(alarm -> alarm.get("kind").asText().equals(kind))
        .isNotEmpty()
        .allSatisfy(
            alarm ->
                assertThat(alarm.get("clearedAtNs").asLong())
                    .isGreaterThan(alarm.get("raisedAtNs").asLong()));
  }

  private static void assertFields(JsonNode object, String... names) {
    assertThat(fields(object)).containsExactly(names);
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), /* parallel= */ false).toList();
  }
}
