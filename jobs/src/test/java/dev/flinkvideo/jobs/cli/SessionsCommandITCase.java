package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.SessionSpecification;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code sessions} writes and says, on a broker without a job. */
class SessionsCommandITCase {
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void shouldTakeASpecificationFromStandardInput() throws Exception {
    assertThat(put(json("stdin")).out()).containsExactly("session stdin has 2 sources");
    assertThat(specification("stdin").sources()).hasSize(2);

    CapturedRun wrong = put("{\"version\": 1}");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains(" -: /session: it has no characters").hasLineCount(1);
  }

  @Test
  void shouldSayAsJsonWhatItWrote() throws Exception {
    CapturedRun put = put(json("json"), "--json");
    assertThat(put.out()).containsExactly(written("json"));

    CapturedRun move = run("sessions", "move", "json", "backup", "--for", "1h", "--json");
    assertThat(move.out()).containsExactly(written("json"));
    assertThat(specification("json").pin()).extracting(Pin::source).isEqualTo("backup");

    CapturedRun free = run("sessions", "move", "json", "backup", "--for", "0s", "--json");
    assertThat(free.out()).containsExactly(written("json"));
    assertThat(specification("json").pin()).isNull();

    CapturedRun remove = run("sessions", "remove", "json", "--json");
    assertThat(remove.out()).containsExactly("{\"session\":\"json\",\"removed\":true}");
    assertThat(specifications()).doesNotContainKey("json");
  }

  @Test
  void shouldSayThatItWaitsForASessionThatIsNotThereYet() throws Exception {
    CapturedRun none = run("sessions", "watch", "none", "--timeout", "1s");
    assertThat(none.exitCode()).isZero();
    assertThat(none.err()).isEqualTo("no session 'none' yet: waiting%n".formatted());

    put(json("known"));
    assertThat(run("sessions", "watch", "known", "--timeout", "1s").err()).isEmpty();
    assertThat(run("sessions", "watch", "--timeout", "1s").err()).isEmpty();
  }

  private static String json(String session) {
    return """
        {"version": 1, "session": "%s",
         "sources": [{"name": "truck", "transport": "srt", "endpoint": "srt://truck:9000"},
                     {"name": "backup", "transport": "rtmp", "streamKey": "live/lobby"}]}"""
        .formatted(session);
  }

  private static CapturedRun put(String json, String... further) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(json.getBytes(UTF_8)));
    try {
      List<String> words = new ArrayList<>(List.of("sessions", "put", "-"));
      words.addAll(List.of(further));
      return run(words.toArray(String[]::new));
    } finally {
      System.setIn(before);
    }
  }

  private static CapturedRun run(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--bootstrap", broker.bootstrap()));
    return CapturedRun.of(words.toArray(String[]::new));
  }

  private static SessionSpecification specification(String session) throws Exception {
    return JsonRecords.readSpecification(specifications().get(session));
  }

  private static String written(String session) throws Exception {
    return new String(specifications().get(session), UTF_8);
  }

  private static Map<String, byte[]> specifications() throws Exception {
    try (SessionTopics topics = new SessionTopics(broker.bootstrap())) {
      return topics.newest(Topics.SESSIONS);
    }
  }
}
