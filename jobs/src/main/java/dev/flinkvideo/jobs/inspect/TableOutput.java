package dev.flinkvideo.jobs.inspect;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A summary for people, with the intervals of each alarm. */
public final class TableOutput implements InspectOutput {
  private static final long OPEN = -1;

  private record Interval(String alarm, long sinceNs, long untilNs) {}

  private final PrintWriter out;
  private final Map<String, DoubleSummaryStatistics> measures = new LinkedHashMap<>();
  private final List<Interval> intervals = new ArrayList<>();
  private InspectedStream stream;
  private String pictures = "none";
  private long lastNs;
  private long keyFrames;

  public TableOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(InspectedStream newStream) {
    stream = newStream;
  }

  @Override
  public void frame(InspectedFrame frame) {
    lastNs = frame.timeNs();
    keyFrames += frame.decoded().key() ? 1 : 0;
    pictures =
        "%dx%d %s"
            .formatted(
                frame.decoded().frame().widthPx(),
                frame.decoded().frame().heightPx(),
                frame.decoded().frame().format().name());
    add("luma mean", frame.measures().lumaMean());
    add("contrast", frame.measures().contrast());
    add("saturation", frame.measures().saturation());
    add("black share", frame.measures().blackShare());
    add("difference", frame.measures().difference());
    add("sharpness", frame.measures().sharpness());
    add("blockiness", frame.measures().blockiness());
    add("scene score", frame.measures().sceneScore());
  }

  @Override
  public void raised(String alarm, long sinceNs, long timeNs, double value) {
    intervals.add(new Interval(alarm, sinceNs, OPEN));
  }

  @Override
  public void cleared(String alarm, long sinceNs, long timeNs, double value) {
    intervals.replaceAll(
        interval ->
            interval.alarm.equals(alarm) && interval.untilNs == OPEN
                ? new Interval(alarm, interval.sinceNs, timeNs)
                : interval);
  }

  @Override
  public void end(InspectSummary summary) {
    row("file", "%s (%s)", stream.file(), stream.container());
    row("codec", "%s, %s", stream.format().codec(), pictures);
    row("frames", "%d, %d of them key frames, %s", summary.frames(), keyFrames, seconds(lastNs));
    row(
        "damage",
        "%d frames concealed, %d access units refused",
        summary.damaged(),
        summary.refusedUnits());
    row("sha1", "%s", summary.sha1());
    row(
        "cost",
        "decode %.3f ms, analyze %.3f ms of CPU and %d bytes of heap per frame",
        summary.decodeCpuMsPerFrame(),
        summary.analyzeCpuMsPerFrame(),
        summary.heapBytesPerFrame());
    row(
        "frame pool",
        "%.1f MiB at most, %d frames outstanding",
        summary.poolPeakBytes() / 1048576.0,
        summary.poolOutstanding());
    out.println();
    out.printf("%-12s %10s %10s %10s%n", "measure", "minimum", "mean", "maximum");
    measures.forEach(
        (name, values) ->
            out.printf(
                Locale.ROOT,
                "%-12s %10.4f %10.4f %10.4f%n",
                name,
                values.getMin(),
                values.getAverage(),
                values.getMax()));
    out.println();
    alarms();
    out.flush();
  }

  private void alarms() {
    if (intervals.isEmpty()) {
      out.println("no alarm");
      return;
    }
    out.printf("%-12s %12s %12s%n", "alarm", "from", "until");
    for (Interval interval : intervals) {
      String until = interval.untilNs == OPEN ? "the end" : seconds(interval.untilNs);
      out.printf("%-12s %12s %12s%n", interval.alarm, seconds(interval.sinceNs), until);
    }
  }

  private void add(String name, double value) {
    measures.computeIfAbsent(name, n -> new DoubleSummaryStatistics()).accept(value);
  }

  private void row(String name, String format, Object... values) {
    out.printf("%-12s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  private static String seconds(long ns) {
    return String.format(Locale.ROOT, "%.3f s", ns / 1e9);
  }
}
