package dev.flinkvideo.jobs.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * Where the demo draws its table. Used by the thread of the demo, which closes it; what is written
 * to System.err meanwhile does not spoil the table.
 */
interface Screen extends AutoCloseable {
  static Screen of(PrintWriter out, boolean terminal) {
    return terminal ? new TerminalScreen(out) : new PlainScreen(out);
  }

  /** How often to draw. */
  Duration interval();

  /** How many lines can be shown at once. */
  int rows() throws InterruptedException;

  /** Shows these lines instead of, or after, those before. */
  void show(List<String> lines);

  /** {@code text} as something that is wrong. */
  String alarming(String text);

  /** {@code text} as something that needs no attention. */
  String quiet(String text);

  @Override
  void close();
}
