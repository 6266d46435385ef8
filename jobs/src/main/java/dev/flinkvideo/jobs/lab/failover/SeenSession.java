package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.SessionCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What the job said of one session, and what was done to its sources. Times are ms since 1970; what
 * did not happen is NaN. Immutable.
 */
final class SeenSession {
  /**
   * A picture that was judged.
   *
   * @param picture which of the programme
   * @param timeNs on the session's axis
   * @param appendMs when it was on the log
   * @param atMs when it was judged
   */
  record Shown(String source, long picture, long timeNs, long appendMs, long atMs) {}

  /** A step of a scenario, when it was taken. */
  record Done(Scenario.Step step, long atMs) {}

  private static final int SOME = 30;

  private final List<Done> done;
  private final List<Event> events;
  private final List<SessionCommand> commands;
  private final List<Shown> shown;
  private final double pictureSeconds;

  SeenSession(
      List<Done> done,
      List<Event> events,
      List<SessionCommand> commands,
      List<Shown> shown,
      double pictureSeconds) {
    this.done = done;
    this.events = events;
    this.commands = commands;
    this.shown = shown.stream().sorted(Comparator.comparingLong(Shown::atMs)).toList();
    this.pictureSeconds = pictureSeconds;
  }

  /** When the first step was taken. */
  long faultMs() {
    return done.get(0).atMs;
  }

  /** When a source was last made to do something. */
  long lastDoneMs() {
    return done.get(done.size() - 1).atMs;
  }

  /** From the fault to the first thing that the session decided about it. */
  double detectSeconds() {
    return changes().stream()
        .filter(change -> atMs(change) >= faultMs())
        .mapToDouble(change -> seconds(faultMs(), atMs(change)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** From the fault until the first picture of another source is on the log. */
  double moveSeconds() {
    return fromFault(Shown::appendMs);
  }

  /** From the fault until the first picture of another source is judged. */
  double judgedSeconds() {
    return fromFault(Shown::atMs);
  }

  private double fromFault(ToLongFunction<Shown> when) {
    String before =
        shown.stream()
            .filter(picture -> picture.appendMs < faultMs())
            .map(Shown::source)
            .reduce("", (first, last) -> last);
    return shown.stream()
        .filter(picture -> picture.appendMs >= faultMs() && !picture.source.equals(before))
        .mapToDouble(picture -> seconds(faultMs(), when.applyAsLong(picture)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** From such a moment until the next picture is on the log. */
  double shownAfterSeconds(long fromMs) {
    return shown.stream()
        .filter(picture -> picture.appendMs >= fromMs)
        .mapToDouble(picture -> seconds(fromMs, picture.appendMs))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** When it decided something for such a reason for the first time after a moment. */
  double decidedMs(String reason, double fromMs) {
    return changes().stream()
        .filter(change -> reason.equals(change.name()) && atMs(change) >= fromMs)
        .mapToDouble(SeenSession::atMs)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** When an event of that kind and name came for the first time after the fault. */
  double eventMs(EventKind kind, String name) {
    return events.stream()
        .filter(event -> event.kind() == kind && name.equals(event.name()))
        .mapToDouble(SeenSession::atMs)
        .filter(atMs -> atMs >= faultMs())
        .findFirst()
        .orElse(Double.NaN);
  }

  /** When a source was quarantined for the first time. */
  double quarantinedMs() {
    return events.stream()
        .filter(event -> event.kind() == EventKind.SOURCE_QUARANTINED)
        .mapToDouble(SeenSession::atMs)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** By what each connection was put behind the one before it. */
  List<String> joints() {
    return events.stream()
        .filter(event -> event.kind() == EventKind.TIME_JOINED)
        .map(Event::name)
        .toList();
  }

  /** Of the programme, from the first to the last that was judged, those that were not. */
  long lost() {
    TreeSet<Long> judged = judged();
    return judged.isEmpty() ? 0 : judged.last() - judged.first() + 1 - judged.size();
  }

  /** Judged, and judged before. */
  long doubled() {
    return shown.size() - judged().size();
  }

  long moves() {
    return moves(0);
  }

  /** Changes of the source that is watched, after a moment. */
  long moves(double fromMs) {
    long moves = 0;
    String watched = null;
    for (Event change : changes()) {
      if (change.to().equals("streaming")) {
        boolean moved = watched != null && !watched.equals(change.source());
        moves += moved && atMs(change) > fromMs ? 1 : 0;
        watched = change.source();
      }
    }
    return moves;
  }

  /** How far the session's axis is off by where it is off most, counted from its first picture. */
  double worstAxisErrorMs() {
    if (shown.isEmpty()) {
      return Double.NaN;
    }
    Shown first = shown.get(0);
    double worstNs = 0;
    for (Shown picture : shown) {
      double trueNs = (picture.picture - first.picture) * pictureSeconds * 1e9;
      worstNs = Math.max(worstNs, Math.abs(picture.timeNs - first.timeNs - trueNs));
    }
    return worstNs / 1e6;
  }

  /** How far the axis goes on by another time than the programme, from one picture to the next. */
  double worstJumpMs() {
    double worstNs = 0;
    for (int i = 1; i < shown.size(); i++) {
      double trueNs = (shown.get(i).picture - shown.get(i - 1).picture) * pictureSeconds * 1e9;
      double stepNs = shown.get(i).timeNs - shown.get(i - 1).timeNs;
      worstNs = Math.max(worstNs, Math.abs(stepNs - trueNs));
    }
    return worstNs / 1e6;
  }

  /** Pictures that stand no later on the axis than the one before them. */
  long stepsBack() {
    long back = 0;
    for (int i = 1; i < shown.size(); i++) {
      back += shown.get(i).timeNs <= shown.get(i - 1).timeNs ? 1 : 0;
    }
    return back;
  }

  /** The longest time from one picture on the log to the next. */
  double longestGapSeconds() {
    double longest = 0;
    for (int i = 1; i < shown.size(); i++) {
      longest = Math.max(longest, seconds(shown.get(i - 1).appendMs, shown.get(i).appendMs));
    }
    return longest;
  }

  /**
   * How much later the same picture of the programme comes from the last source than from the
   * first, in the median of the newest and the oldest pictures.
   */
  double behindSeconds() {
    int some = Math.min(shown.size() / 2, SOME);
    List<Shown> newest = shown.subList(shown.size() - some, shown.size());
    return (medianDelayMs(newest) - medianDelayMs(shown.subList(0, some))) / 1e3;
  }

  /** Against a clock that shows the programme. */
  private double medianDelayMs(List<Shown> pictures) {
    double[] sorted =
        pictures.stream()
            .mapToDouble(one -> one.appendMs - one.picture * pictureSeconds * 1e3)
            .sorted()
            .toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /** Waits between two connections to a source that were commanded between two moments. */
  List<Double> waitsSeconds(String source, long fromMs, long toMs) {
    List<Long> attemptsMs = new ArrayList<>();
    Map<Long, Long> known = new HashMap<>();
    for (SessionCommand command : commands) {
      command.connections().stream()
          .filter(connection -> connection.source().name().equals(source))
          .filter(connection -> known.putIfAbsent(connection.connection(), command.atMs()) == null)
          .filter(connection -> command.atMs() >= fromMs && command.atMs() <= toMs)
          .forEach(connection -> attemptsMs.add(command.atMs()));
    }
    List<Double> waits = new ArrayList<>();
    for (int i = 1; i < attemptsMs.size(); i++) {
      waits.add(seconds(attemptsMs.get(i - 1), attemptsMs.get(i)));
    }
    return waits;
  }

  /** Judged in each second since a moment. */
  List<double[]> perSecond(long fromMs) {
    TreeMap<Long, Integer> counts = new TreeMap<>();
    for (Shown picture : shown) {
      counts.merge(Math.floorDiv(picture.atMs - fromMs, 1_000L), 1, Integer::sum);
    }
    List<double[]> points = new ArrayList<>();
    for (long second = 0; !counts.isEmpty() && second <= counts.lastKey(); second++) {
      points.add(new double[] {second, counts.getOrDefault(second, 0)});
    }
    return points;
  }

  private List<Event> changes() {
    return events.stream().filter(event -> event.kind() == EventKind.SESSION_CHANGED).toList();
  }

  /** Which pictures of the programme. */
  private TreeSet<Long> judged() {
    return shown.stream().map(Shown::picture).collect(Collectors.toCollection(TreeSet::new));
  }

  private static long atMs(Event event) {
    return event.atUs() / 1_000;
  }

  private static double seconds(double fromMs, double toMs) {
    return (toMs - fromMs) / 1e3;
  }
}
