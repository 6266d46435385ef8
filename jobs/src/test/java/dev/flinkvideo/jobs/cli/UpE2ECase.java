package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.peers.RequiresPeer;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As a newcomer does it: start it, copy the commands that it prints, see what comes of it. */
@RequiresPeer({"ffmpeg", "chromium"})
@Timeout(240)
class UpE2ECase {
  private static final Duration AT_MOST = Duration.ofSeconds(90);

  @TempDir private Path directory;

  private final List<Process> publishers = new ArrayList<>();

  @AfterEach
  void stopPublishers() {
    List<ProcessHandle> all = new ArrayList<>();
    publishers.forEach(process -> process.descendants().forEach(all::add));
    publishers.forEach(process -> all.add(process.toHandle()));
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join()); // a browser writes to its last moment
  }

  @Test
  void shouldSeeWhatItsPrintedCommandsPublishAndMoveBetweenThem() throws Exception {
    try (Launched up = Launched.start(directory, "up", "--config", config(), "--kafka-port", "0")) {
      String ready = up.awaitLine("up on kafka ");
      String function = up.awaitLine("ffmpeg() {");
      String rtmp = up.awaitLine("-f flv rtmp://");
      String srt = up.awaitLine("-f mpegts \"srt://");
      String whip = up.awaitLine("-f whip http://");
      String page = up.awaitLine("/publish#stream=live/camera").strip().split(" ")[0];

      try (SessionTopics topics = new SessionTopics(ready.split("[ ,]+")[3])) {
        shell(srt.replace("camera", "by-srt"));
        shell(function + "\n" + whip.replace("camera", "by-whip"));
        browse(page.replace("camera", "by-browser") + "&source=pattern&codec=VP8&start");
        awaitSessions(topics, Set.of("by-srt", "by-whip", "by-browser"));

        Process first = shell("exec " + rtmp.strip());
        awaitSource(topics, "camera", "rtmp");
        shell("exec " + srt.strip());
        first.destroyForcibly();
        awaitSource(topics, "camera", "srt");
      }
      up.interrupt();
      up.assertEndsCleanly();
    }
  }

  /** Those of which pictures were observed. */
  private static void awaitSessions(SessionTopics topics, Set<String> sessions) {
    await()
        .pollInSameThread()
        .atMost(AT_MOST)
        .untilAsserted(
            () ->
                assertThat(
                        topics.all(Topics.OBSERVATIONS).stream()
                            .map(SessionTopics::key)
                            .collect(Collectors.toSet()))
                    .containsAll(sessions));
  }

  private static void awaitSource(SessionTopics topics, String session, String source) {
    await()
        .pollInSameThread()
        .atMost(AT_MOST)
        .untilAsserted(
            () ->
                assertThat(topics.all(Topics.EVENTS))
                    .filteredOn(record -> SessionTopics.key(record).equals(session))
                    .extracting(UpE2ECase::event)
                    .anySatisfy(
                        event -> {
                          assertThat(event.kind()).isEqualTo(EventKind.SESSION_CHANGED);
                          assertThat(event.to()).isEqualTo("streaming");
                          assertThat(event.source()).isEqualTo(source);
                        }));
  }

  private static Event event(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JsonRecords.readEvent(record.value());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String config() throws IOException {
    String yaml =
        """
        auth: none
        createSessions: ["*"]
        rtmp: {port: 0}
        srt: {port: 0}
        webrtc: {port: 0, httpPort: 0}
        http: {port: 0}
        """;
    return Files.writeString(directory.resolve("up.yaml"), yaml).toString();
  }

  private Process shell(String script) throws IOException {
    return start("bash", "-c", script);
  }

  private void browse(String page) throws IOException {
    start(
        "chromium",
        "--headless=new",
        "--no-sandbox", // tests run as root in CI
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--user-data-dir=" + directory.resolve("browser"),
        page);
  }

  private Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    publishers.add(process);
    return process;
  }
}
