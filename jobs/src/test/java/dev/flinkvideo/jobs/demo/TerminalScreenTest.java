package dev.flinkvideo.jobs.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminalScreenTest {
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private TerminalScreen screen;

  @BeforeEach
  void open() {
    System.setErr(new PrintStream(errors, /* autoFlush= */ true, UTF_8));
    screen = new TerminalScreen(new PrintWriter(out));
  }

  @AfterEach
  void restore() {
    System.setErr(err);
  }

  @Test
  void shouldDrawOverWhatItDrewBefore() {
    screen.show(List.of("one", "two"));
    screen.show(List.of("three"));

    assertThat(out.toString()).contains("one\u001b[K\ntwo\u001b[K\n", "\r\u001b[2Athree\u001b[K\n");
  }

  @Test
  void shouldHoldBackTheLogUntilItCanStandAboveTheTable() {
    screen.show(List.of("one"));
    System.err.println("something is slow");
    assertThat(errors.toString(UTF_8)).isEmpty();

    screen.show(List.of("two"));

    assertThat(errors.toString(UTF_8)).isEqualToIgnoringNewLines("something is slow\n");
  }

  @Test
  void shouldLeaveTheTerminalAsItWas() {
    PrintStream during = System.err;
    System.err.print("the last word");

    screen.close();

    assertThat(out.toString()).contains("\u001b[?7l", "\u001b[?7h").endsWith("\u001b[?25h");
    assertThat(System.err).isNotSameAs(during);
    assertThat(errors.toString(UTF_8)).isEqualTo("the last word");
  }
}
