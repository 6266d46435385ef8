package dev.flinkvideo.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalSizeTest {
  @Test
  void shouldReadWhatSttyPrints() {
    assertThat(TerminalSize.parse("40 120\n")).isEqualTo(new TerminalSize(40, 120));
  }

  @Test
  void shouldTakeTheUsualSizeWhereTheTerminalDoesNotKnow() {
    assertThat(TerminalSize.parse("0 0\n")).isEqualTo(TerminalSize.USUAL);
    assertThat(TerminalSize.parse("")).isEqualTo(TerminalSize.USUAL);
  }
}
