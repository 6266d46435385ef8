package dev.flinkvideo.ingest.transport.srt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamIdTest {
  @ParameterizedTest
  @CsvSource({
    "lobby, lobby, true",
    "'#!::r=lobby,m=publish', lobby, true",
    "'#!::m=publish,r=lobby,u=me', lobby, true",
    "'#!::r=lobby', lobby, true",
    "'#!::r=lobby,m=request', lobby, false",
    "'#!::r=lobby,r=other', lobby, true",
    "'#!::', '', true",
    "'#!::,,==,r', '', true",
    "'', '', true"
  })
  void shouldReadBothForms(String text, String stream, boolean publishes) {
    assertThat(StreamId.parse(text)).isEqualTo(new StreamId(stream, publishes));
  }
}
