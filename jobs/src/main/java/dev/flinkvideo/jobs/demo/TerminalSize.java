package dev.flinkvideo.jobs.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large the terminal of this process is. */
record TerminalSize(int rows, int columns) {
  /** Of a terminal that does not tell. */
  static final TerminalSize USUAL = new TerminalSize(24, 80);

  private static final Pattern ANSWER = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");

  /** Asks stty, as Java has no call for it; takes a few milliseconds. */
  static TerminalSize ask() throws InterruptedException {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      TerminalSize size = parse(new String(stty.getInputStream().readAllBytes(), US_ASCII));
      stty.waitFor();
      return size;
    } catch (IOException e) {
      return USUAL; // no stty, no terminal
    }
  }

  /** From what stty prints; 0 is a terminal that does not know. */
  static TerminalSize parse(String answer) {
    Matcher sizes = ANSWER.matcher(answer);
    if (!sizes.matches() || sizes.group(1).equals("0") || sizes.group(2).equals("0")) {
      return USUAL;
    }
    return new TerminalSize(Integer.parseInt(sizes.group(1)), Integer.parseInt(sizes.group(2)));
  }
}
