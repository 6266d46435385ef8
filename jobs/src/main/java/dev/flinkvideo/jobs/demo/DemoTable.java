package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.protocol.DropReason;
import dev.flinkvideo.protocol.FrameObservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The lines of the live table: at most as many as the screen has room for. One thread. */
final class DemoTable {
  /** 80 columns with two alarms. */
  private static final String ROW = "%-10s %-9s %-9s %4.1f %6d %4.0f %5.2f %5.1f %3.0fms ";

  private static final String HEADER =
      ROW.replace("%3.0fms", "%5s").replaceAll("(\\.\\d)?[df]", "s");

  /** Title, header, an empty line and the resources. */
  private static final int OTHER_LINES = 4;

  private final long startNs = System.nanoTime();
  private final Screen screen;
  private final List<DemoSession> played;
  private final Seen seen;

  DemoTable(Screen screen, List<DemoSession> played, Seen seen) {
    this.screen = screen;
    this.played = played;
    this.seen = seen;
  }

  void draw() throws InterruptedException {
    int rows = screen.rows();
    List<String> sessions = new ArrayList<>();
    long framesIn = 0;
    long framesOut = 0;
    synchronized (seen) {
      for (DemoSession session : played) {
        SeenSession out = seen.session(session.name());
        sessions.add(row(session.name(), out));
        framesIn += session.framesIn();
        framesOut += out.framesOut();
      }
      sessions.add(row(Roaming.SESSION, seen.session(Roaming.SESSION)));
    }
    List<String> lines = new ArrayList<>();
    lines.add(title(framesIn, framesOut));
    lines.add(screen.quiet(header()));
    lines.addAll(fitting(sessions, rows - OTHER_LINES));
    lines.add("");
    lines.add(resources());
    lines.addAll(events(rows - lines.size()));
    screen.show(lines);
  }

  private static List<String> fitting(List<String> sessions, int rows) {
    if (sessions.size() <= rows) {
      return sessions;
    }
    int shown = Math.max(0, rows - 1);
    List<String> lines = new ArrayList<>(sessions.subList(0, shown));
    lines.add("and %d more, which a larger terminal shows".formatted(sessions.size() - shown));
    return lines;
  }

  /** What happened lately, below an empty line. */
  private List<String> events(int rows) {
    List<Happening> recent = seen.recent();
    int shown = Math.min(recent.size(), rows - 1);
    List<String> lines = new ArrayList<>();
    if (shown > 0) {
      lines.add("");
      recent
          .subList(recent.size() - shown, recent.size())
          .forEach(happening -> lines.add(screen.quiet(describe(happening))));
    }
    return lines;
  }

  private String title(long framesIn, long framesOut) {
    return "flink-video demo  %s  %d pictures in, %d out  Ctrl-C ends it"
        .formatted(clock(System.nanoTime()), framesIn, framesOut);
  }

  private static String header() {
    return HEADER.formatted(
            "SESSION", "STATE", "PICTURE", "FPS", "FRAMES", "LUMA", "SHARP", "BLOCK", "DELAY")
        + "ALARMS";
  }

  private String row(String name, SeenSession session) {
    FrameObservation last = session.last();
    session.endIntervalIfDue();
    if (last == null) {
      return "%-10s %-9s".formatted(name, session.state());
    }
    String row =
        String.format(
            Locale.ROOT,
            ROW,
            name,
            state(session),
            last.widthPx() + "x" + last.heightPx(),
            session.framesPerSecond(),
            session.framesOut(),
            last.lumaMean(),
            last.sharpness(),
            last.blockiness(),
            session.medianLatencyMs());
    List<String> wrong = new ArrayList<>(session.raised());
    long dropped =
        session.drops().entrySet().stream()
            .filter(drop -> !drop.getKey().equals(DropReason.STALE_CONNECTION.label())) // of moves
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (dropped > 0) {
      wrong.add(dropped + " dropped");
    }
    return wrong.isEmpty() ? row : row + screen.alarming(String.join(",", wrong));
  }

  /** By which protocol it is watched, if it comes by one. */
  private static String state(SeenSession session) {
    String source = session.last().source();
    boolean file = source.equals(FilePublisher.SOURCE);
    return file || !session.state().equals("streaming") ? session.state() : "by " + source;
  }

  private static String resources() {
    DemoReport.Memory memory = DemoReport.readMemory();
    DemoReport.Gc gc = DemoReport.readGc();
    return String.format(
        Locale.ROOT,
        "pool %.1f of %.1f MiB   gc %d pauses, %.0f ms, longest %.0f ms   heap %.1f kB/frame",
        memory.peakBytes() / 1048576.0,
        memory.budgetBytes() / 1048576.0,
        gc.collections(),
        gc.pauseMs(),
        gc.maxPauseMs(),
        gc.heapBytesPerFrame() / 1000.0);
  }

  private String describe(Happening happening) {
    return "%s  %-10s %s".formatted(clock(happening.atNs()), happening.session(), happening.text());
  }

  /** Since the demo began. */
  private String clock(long atNs) {
    Duration elapsed = Duration.ofNanos(Math.max(0, atNs - startNs));
    return "%02d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
  }
}
