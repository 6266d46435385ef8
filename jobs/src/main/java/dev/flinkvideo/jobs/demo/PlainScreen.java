package dev.flinkvideo.jobs.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Plain lines now and then, for a file or a pipe. */
final class PlainScreen implements Screen {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final PrintWriter out;

  PlainScreen(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public int rows() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void show(List<String> lines) {
    lines.forEach(line -> out.println(line.stripTrailing()));
    out.println();
  }

  @Override
  public String alarming(String text) {
    return text;
  }

  @Override
  public String quiet(String text) {
    return text;
  }

  @Override
  public void close() {}
}
