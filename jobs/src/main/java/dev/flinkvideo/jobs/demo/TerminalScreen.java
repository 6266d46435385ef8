package dev.flinkvideo.jobs.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * Redraws its lines in place. Lines longer than the terminal is wide are cut, not wrapped. What is
 * written to System.err (the log) is held back until the next drawing and then stands above the
 * table.
 */
final class TerminalScreen implements Screen {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  // ECMA-48 control sequences, and the two private modes that every terminal has from the VT100.
  private static final String UP = "\r\u001b[%dA";
  private static final String ERASE_LINE = "\u001b[K";
  private static final String ERASE_BELOW = "\u001b[J";
  private static final String ERASE_ALL = "\u001b[2J\u001b[H";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String RED = "\u001b[31;1m";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
  private TerminalSize size = TerminalSize.USUAL;
  private int drawnLines;

  TerminalScreen(PrintWriter out) {
    this.out = out;
    System.setErr(new PrintStream(heldBack, /* autoFlush= */ true, UTF_8));
    out.print(HIDE_CURSOR + NO_WRAP);
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public int rows() throws InterruptedException {
    TerminalSize now = TerminalSize.ask();
    if (!now.equals(size) && drawnLines > 0) {
      out.print(ERASE_ALL); // a terminal that wraps old lines anew leaves parts of them
      drawnLines = 0;
    }
    size = now;
    return size.rows() - 1; // the cursor stands below the last line
  }

  @Override
  public void show(List<String> lines) {
    toTop();
    showHeldBack();
    lines.forEach(line -> out.print(line + ERASE_LINE + "\n"));
    out.print(ERASE_BELOW);
    out.flush();
    drawnLines = lines.size();
  }

  @Override
  public String alarming(String text) {
    return RED + text + PLAIN;
  }

  @Override
  public String quiet(String text) {
    return DIM + text + PLAIN;
  }

  @Override
  public void close() {
    out.print(WRAP + SHOW_CURSOR);
    out.flush();
    System.setErr(err);
    err.print(takeHeldBack());
    err.flush();
  }

  private void toTop() {
    if (drawnLines > 0) {
      out.print(UP.formatted(drawnLines));
    }
  }

  private void showHeldBack() {
    String text = takeHeldBack();
    if (text.isEmpty()) {
      return;
    }
    out.print(ERASE_BELOW);
    out.flush();
    err.print(text.endsWith("\n") ? text : text + "\n");
    err.flush();
  }

  private String takeHeldBack() {
    synchronized (heldBack) {
      String text = heldBack.toString(UTF_8);
      heldBack.reset();
      return text;
    }
  }
}
