package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.FrameObservation;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The live table: redrawn in place on a terminal, plain lines now and then elsewhere. One thread.
 */
final class DemoTable {
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String RED = "\u001b[31;1m";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";
  private static final String ROW = "%-10s %-10s %-18s %5.1f %8d %6.1f %6.3f %6.2f %8.1f  ";
  private static final String HEADER = ROW.replaceAll("(\\.\\d)?[dsf]", "s");

  private final PrintWriter out;
  private final boolean terminal;
  private int drawnLines;

  DemoTable(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  boolean isTerminal() {
    return terminal;
  }

  void draw(Duration elapsed, List<DemoSession> played, Seen seen) {
    List<String> lines = new ArrayList<>();
    lines.add(title(elapsed));
    lines.add(
        dim(
            HEADER.formatted(
                    "SESSION", "STATE", "PICTURE", "FPS", "FRAMES", "LUMA", "SHARP", "BLOCKY", "MS")
                + "ALARMS"));
    synchronized (seen) {
      played.forEach(session -> lines.add(row(session.name(), seen.session(session.name()))));
    }
    lines.add("");
    lines.add(resources());
    lines.add("");
    seen.recentEvents().forEach(event -> lines.add(dim(describe(event))));
    print(lines);
  }

  private void print(List<String> lines) {
    if (terminal && drawnLines > 0) {
      out.print("\u001b[" + drawnLines + "A");
    }
    for (String line : lines) {
      out.print(terminal ? line + CLEAR_LINE + "\n" : line + "\n");
    }
    // What an earlier, longer table left below this one.
    for (int i = lines.size(); terminal && i < drawnLines; i++) {
      out.print(CLEAR_LINE + "\n");
    }
    drawnLines = Math.max(drawnLines, lines.size());
    out.flush();
  }

  private static String title(Duration elapsed) {
    return "flink-video demo  %02d:%02d  Ctrl-C ends it"
        .formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
  }

  private String row(String name, SeenSession session) {
    FrameObservation last = session.last();
    session.endIntervalIfDue();
    String row =
        last == null
            ? "%-10s %-10s".formatted(name, session.state())
            : String.format(
                Locale.ROOT,
                ROW,
                name,
                session.state(),
                last.widthPx() + "x" + last.heightPx() + " " + last.pixelFormat(),
                session.framesPerSecond(),
                session.framesOut(),
                last.lumaMean(),
                last.sharpness(),
                last.blockiness(),
                session.medianLatencyMs());
    String alarms = String.join(", ", session.raised());
    long dropped = session.drops().values().stream().mapToLong(Long::longValue).sum();
    return row
        + (alarms.isEmpty() || !terminal ? alarms : RED + alarms + PLAIN)
        + (dropped == 0 ? "" : " dropped " + dropped);
  }

  private static String resources() {
    DemoReport.Memory memory = DemoReport.readMemory();
    DemoReport.Gc gc = DemoReport.readGc();
    return String.format(
        Locale.ROOT,
        "frame pool %.1f of %.1f MiB   collector %d pauses, %.0f ms, longest %.0f ms   heap %.1f kB/frame",
        memory.peakBytes() / 1048576.0,
        memory.budgetBytes() / 1048576.0,
        gc.collections(),
        gc.pauseMs(),
        gc.maxPauseMs(),
        gc.heapBytesPerFrame() / 1000.0);
  }

  private static String describe(Event event) {
    String at =
        event.timeNs() == null
            ? ""
            : String.format(Locale.ROOT, " at %.2f s", event.timeNs() / 1e9);
    String kind = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "  %-10s %s%s%s%s"
        .formatted(
            event.session(),
            kind,
            event.name() == null ? "" : " " + event.name(),
            at,
            event.message() == null ? "" : " (" + event.message() + ")");
  }

  private String dim(String line) {
    return terminal ? DIM + line + PLAIN : line;
  }
}
