package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.lab.Outcome;
import dev.flinkvideo.jobs.lab.SvgChart;
import dev.flinkvideo.protocol.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What came of real sessions, chapter by chapter. One thread. */
final class RealFindings {
  /** Stall time, the second between two reports, and a record. */
  private static final double MOVED_WITHIN_S = 5;

  /** A JVM that starts, sources that call again, and the longest wait of the session. */
  private static final double BACK_WITHIN_S = 30;

  /** Half a tick of a millisecond clock, and what two changes to and from one can cost. */
  private static final double AXIS_MS = 1.6;

  private static final String HEAD =
      """
      Each time is from the fault: until the first decision, until the first picture of another source is on the log, and until
      it is judged; median and, in brackets, the longest. Lost and doubled are pictures of the programme, between the first and
      the last of the session that was judged; damaged are those that are none of the programme; the axis is off where session
      time goes on by another time than the programme from one picture to the next.

      | session | faults | detect | move | judged | lost | doubled | damaged | time back | axis off |
      |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
      """;

  private static final String CHAPTERS =
      """

      | session | fault | of | after peace of | detect | move | other is behind by | lost | doubled |
      |---|---|---|--:|--:|--:|--:|--:|--:|
      """;

  private static final Predicate<String> ENCODES_DIFFER =
      name -> name.startsWith("other") || name.startsWith("clocks");

  private final Played played;
  private final List<PictureNumbers.Reference> encodes;
  private final double pictureSeconds;
  private final List<Check> checks = new ArrayList<>();
  private final StringBuilder table = new StringBuilder(HEAD);
  private final StringBuilder chapters = new StringBuilder(CHAPTERS);
  private final SvgChart chart =
      new SvgChart("From each fault to the first picture of another source", "fault", "s");

  /** One session, whole and by chapters. */
  private record Seen(String name, SeenSession whole, List<SeenSession> chapters, long damaged) {
    double median(ToDoubleFunction<SeenSession> time) {
      double[] sorted = sorted(time);
      return sorted[sorted.length / 2];
    }

    /** NaN, which is more than any, if it never happened in one of them. */
    double longest(ToDoubleFunction<SeenSession> time) {
      double[] sorted = sorted(time);
      return sorted[sorted.length - 1];
    }

    private double[] sorted(ToDoubleFunction<SeenSession> time) {
      double[] sorted = chapters.stream().mapToDouble(time).toArray();
      Arrays.sort(sorted);
      return sorted;
    }

    long most(ToLongFunction<SeenSession> pictures) {
      return chapters.stream().mapToLong(pictures).max().orElse(0);
    }
  }

  /**
   * @param encodes of the programme, by their numbers
   */
  RealFindings(Played played, List<PictureNumbers.Reference> encodes, double pictureSeconds) {
    this.played = played;
    this.encodes = encodes;
    this.pictureSeconds = pictureSeconds;
  }

  /**
   * @param logs where the records of sessions go whose checks fail
   */
  Outcome outcome(List<RealSession> sessions, Path logs) throws Exception {
    for (RealSession session : sessions) {
      int before = checks.size();
      Seen seen = see(session);
      tell(seen);
      check(session.name(), seen);
      if (!checks.stream().skip(before).allMatch(Check::passed)) {
        played.write(session.name(), logs);
      }
    }
    return new Outcome(checks, table.toString() + chapters, chart);
  }

  private void check(String name, Seen seen) {
    most(name, "pictures damaged", seen.damaged, 0, "");
    most(name, "steps back of session time", seen.whole.stepsBack(), 0, "");
    switch (name) {
      case "restarted" -> {
        most(name, "without a picture", seen.whole.longestGapSeconds(), BACK_WITHIN_S, "s");
        most(name, "doubled", seen.whole.doubled(), 0, "");
      }
      case "other-killed", "other-stalled" -> checkOtherEncodes(name, seen);
      case "clocks-killed" -> {
        checkOtherEncodes(name, seen);
        most(name, "axis off by", seen.whole.worstJumpMs(), pictureSeconds * 1e3, "ms");
        most(name, "joined but by capture clocks", otherJoints(seen), 0, "");
      }
      default -> {
        most(name, "until moved", seen.longest(SeenSession::moveSeconds), MOVED_WITHIN_S, "s");
        most(name, "lost", seen.whole.lost(), 0, "");
        most(name, "doubled", seen.whole.doubled(), 0, "");
        most(name, "axis off by", seen.whole.worstJumpMs(), AXIS_MS, "ms");
      }
    }
  }

  private void checkOtherEncodes(String name, Seen seen) {
    most(name, "until moved", seen.longest(SeenSession::moveSeconds), MOVED_WITHIN_S, "s");
    most(
        name,
        "lost at once",
        seen.most(SeenSession::lost),
        Playout.keyInterval(pictureSeconds),
        "");
    most(name, "doubled", seen.whole.doubled(), 0, "");
  }

  private static long otherJoints(Seen seen) {
    return seen.whole.joints().stream().filter(by -> !by.equals("capture-clocks")).count();
  }

  private void most(String session, String name, double value, double limit, String unit) {
    checks.add(Check.atMost("%s: %s, at most".formatted(session, name), value, limit, unit));
  }

  private Seen see(RealSession session) throws Exception {
    PictureNumbers numbers = new PictureNumbers(encodes, session::encode, pictureSeconds);
    List<SeenSession.Shown> shown = played.shown(session.name(), numbers);
    List<Event> events = played.events(session.name());
    List<RealSession.Chapter> all = session.chapters();
    List<SeenSession> seen = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      RealSession.Chapter chapter = all.get(i);
      long toMs = i + 1 < all.size() ? all.get(i + 1).fromMs() : Long.MAX_VALUE;
      SeenSession one = seen(chapter, events, shown, toMs);
      seen.add(one);
      tell(session.name(), chapter, one);
    }
    SeenSession whole =
        new SeenSession(List.of(done(all.get(0))), events, List.of(), shown, pictureSeconds);
    return new Seen(session.name(), whole, seen, numbers.unknown());
  }

  private SeenSession seen(
      RealSession.Chapter chapter, List<Event> events, List<SeenSession.Shown> shown, long toMs) {
    return new SeenSession(
        List.of(done(chapter)),
        events.stream().filter(event -> event.atUs() / 1_000 < toMs).toList(),
        List.of(),
        shown.stream()
            .filter(one -> one.appendMs() >= chapter.fromMs() && one.appendMs() < toMs)
            .toList(),
        pictureSeconds);
  }

  private static SeenSession.Done done(RealSession.Chapter chapter) {
    Scenario.Step step = new Scenario.Step(Duration.ZERO, chapter.watched(), Condition.CLOSED);
    return new SeenSession.Done(step, chapter.atMs());
  }

  private void tell(Seen seen) {
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %s | %s | %s | %d | %d | %d | %d | %.2f ms |%n",
            seen.name,
            seen.chapters.size(),
            times(seen, SeenSession::detectSeconds),
            times(seen, SeenSession::moveSeconds),
            times(seen, SeenSession::judgedSeconds),
            seen.whole.lost(),
            seen.whole.doubled(),
            seen.damaged,
            seen.whole.stepsBack(),
            seen.whole.worstJumpMs()));
    List<double[]> points = new ArrayList<>();
    for (SeenSession chapter : seen.chapters) {
      double moveSeconds = chapter.moveSeconds();
      points.add(new double[] {points.size() + 1, Double.isNaN(moveSeconds) ? 0 : moveSeconds});
    }
    if (points.size() > 1 && !ENCODES_DIFFER.test(seen.name)) {
      chart.line(seen.name, points);
    }
  }

  private void tell(String session, RealSession.Chapter chapter, SeenSession seen) {
    chapters.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %.2f s | %s | %s | %s | %d | %d |%n",
            session,
            chapter.what(),
            chapter.watched(),
            (chapter.atMs() - chapter.fromMs()) / 1e3,
            seconds(seen.detectSeconds()),
            seconds(seen.moveSeconds()),
            seconds(seen.behindSeconds()),
            seen.lost(),
            seen.doubled()));
  }

  private static String times(Seen seen, ToDoubleFunction<SeenSession> time) {
    return "%s (%s)".formatted(seconds(seen.median(time)), seconds(seen.longest(time)));
  }

  private static String seconds(double seconds) {
    return Double.isNaN(seconds) ? "none" : String.format(Locale.ROOT, "%.2f s", seconds);
  }
}
