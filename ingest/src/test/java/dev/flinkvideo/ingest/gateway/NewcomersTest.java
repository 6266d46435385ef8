package dev.flinkvideo.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.SpecificationFaults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewcomersTest {
  private static final StreamName RTMP = new StreamName(SourceTransport.RTMP, "studio/lobby");
  private static final StreamName SRT = new StreamName(SourceTransport.SRT, "lobby");

  private final List<SessionSpecification> written = new ArrayList<>();

  @Test
  void shouldMakeASessionOfTheStreamsNameThatTakesItByEveryProtocol() {
    newcomers("studio/*").come(RTMP);

    assertThat(written)
        .containsExactly(
            SessionSpecification.of(
                "lobby",
                SourceSpecification.push("rtmp", SourceTransport.RTMP, "studio/lobby"),
                SourceSpecification.push("srt", SourceTransport.SRT, "lobby"),
                SourceSpecification.push("webrtc", SourceTransport.WEBRTC, "live/lobby")));
    assertThat(SpecificationFaults.of(written.get(0))).isEmpty();
  }

  @Test
  void shouldPreferTheProtocolThatCameFirst() {
    newcomers("lobby").come(SRT);

    assertThat(written.get(0).sources())
        .extracting(SourceSpecification::name)
        .containsExactly("srt", "rtmp", "webrtc");
  }

  @Test
  void shouldMakeNoneOfStreamsThatTheConfigurationDoesNotName() {
    Newcomers newcomers = newcomers("studio/lob", "other/*");

    newcomers.come(RTMP);

    assertThat(newcomers.source(RTMP)).isEmpty();
    assertThat(written).isEmpty();
  }

  @Test
  void shouldLeaveASessionAloneThatSomebodySpecified() {
    Newcomers newcomers = newcomers("*");
    newcomers.specified("lobby", true);

    newcomers.come(RTMP);
    assertThat(newcomers.source(RTMP)).isEmpty();
    assertThat(written).isEmpty();

    newcomers.specified("lobby", false);
    assertThat(newcomers.source(RTMP)).isPresent();
  }

  @Test
  void shouldExpectTheOtherProtocolsOfASessionThatIsAboutToBe() {
    Newcomers newcomers = newcomers("studio/*");
    assertThat(newcomers.source(SRT)).isEmpty();

    newcomers.come(RTMP);
    newcomers.come(SRT);

    assertThat(newcomers.source(SRT)).isPresent();
    assertThat(newcomers.isPending(SRT)).isTrue();
    assertThat(newcomers.source(new StreamName(SourceTransport.RTMP, "studio/x/lobby"))).isEmpty();
    assertThat(written).hasSize(1);
  }

  @Test
  void shouldLeaveTheSessionToItsCommandsOnceThereAreSome() {
    Newcomers newcomers = newcomers("*");
    newcomers.come(RTMP);

    newcomers.commanded("lobby");

    assertThat(newcomers.isPending(RTMP)).isFalse();
    assertThat(newcomers.source(RTMP)).isEmpty();
  }

  @Test
  void shouldSayAgainWhatKafkaMayNotHave() {
    Newcomers newcomers = newcomers("*");
    newcomers.come(RTMP);

    newcomers.repeat();
    assertThat(written).hasSize(2);

    newcomers.specified("lobby", true);
    newcomers.repeat();
    assertThat(written).hasSize(2);
  }

  @Test
  void shouldMakeNoMoreThanItMay() {
    Newcomers newcomers = new Newcomers(List.of("*"), 1, written::add);

    newcomers.come(RTMP);
    newcomers.come(new StreamName(SourceTransport.RTMP, "live/another"));

    assertThat(written).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"live/", "live/a b", "live/\u001b[2J", "live/ä", "live/a\nb"})
  void shouldTakeNoNameThatCouldHarmATerminalOrAFile(String stream) {
    Newcomers newcomers = newcomers("*");

    newcomers.come(new StreamName(SourceTransport.RTMP, stream));

    assertThat(written).isEmpty();
  }

  private Newcomers newcomers(String... allowed) {
    return new Newcomers(List.of(allowed), 100, written::add);
  }
}
