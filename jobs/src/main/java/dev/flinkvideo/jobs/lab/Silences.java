package dev.flinkvideo.jobs.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * How long it took after each kill until something new was seen, and what was seen in each second.
 * Immutable.
 */
final class Silences {
  private record Silence(Kill kill, double seconds) {}

  private final long startMs;
  private final List<Silence> silences;
  private final TreeMap<Long, Integer> perSecond;

  private Silences(long startMs, List<Silence> silences, TreeMap<Long, Integer> perSecond) {
    this.startMs = startMs;
    this.silences = silences;
    this.perSecond = perSecond;
  }

  static Silences of(List<Kill> kills, List<SeenObservation> seen) {
    List<SeenObservation> first = firstOfEach(seen);
    long startMs = first.isEmpty() ? 0 : first.get(0).emittedUs() / 1000;
    TreeMap<Long, Integer> perSecond = new TreeMap<>();
    first.forEach(
        one -> perSecond.merge((one.emittedUs() / 1000 - startMs) / 1000, 1, Integer::sum));
    List<Silence> silences = new ArrayList<>();
    for (Kill kill : kills) {
      // Until the failure is noticed the surviving tasks go on, in vain.
      double seconds =
          first.stream()
              .mapToLong(one -> one.emittedUs() / 1000)
              .filter(emittedMs -> emittedMs > kill.noticedMs())
              .mapToDouble(emittedMs -> (emittedMs - kill.atMs()) / 1e3)
              .findFirst()
              .orElse(Double.NaN);
      silences.add(new Silence(kill, seconds));
    }
    return new Silences(startMs, silences, perSecond);
  }

  /** NaN if nothing new was seen after one of them. */
  double longestS() {
    return silences.stream().mapToDouble(Silence::seconds).reduce(0, Math::max);
  }

  String table() {
    StringBuilder table =
        new StringBuilder(
            "| killed | at | noticed after | all tasks ran after | first new observation after |\n|---|--:|--:|--:|--:|\n");
    for (Silence silence : silences) {
      Kill kill = silence.kill;
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f s | %.1f s | %.1f s | %.1f s |%n",
              kill.taskManager(),
              (kill.atMs() - startMs) / 1e3,
              (kill.noticedMs() - kill.atMs()) / 1e3,
              (kill.runningMs() - kill.atMs()) / 1e3,
              silence.seconds));
    }
    return table.toString();
  }

  SvgChart chart() {
    SvgChart chart = new SvgChart("New observations in each second", "s", "observations");
    List<double[]> points = new ArrayList<>();
    long last = perSecond.isEmpty() ? 0 : perSecond.lastKey();
    for (long second = 0; second <= last; second++) {
      points.add(new double[] {second, perSecond.getOrDefault(second, 0)});
    }
    chart.line("seen for the first time", points);
    silences.forEach(silence -> chart.mark("kill", (silence.kill.atMs() - startMs) / 1e3));
    return chart;
  }

  private static List<SeenObservation> firstOfEach(List<SeenObservation> seen) {
    Set<String> identities = new HashSet<>();
    return seen.stream()
        .sorted(Comparator.comparingLong(SeenObservation::emittedUs))
        .filter(one -> identities.add(one.identity()))
        .toList();
  }
}
