package dev.flinkvideo.jobs.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the observations and events of an overloaded job say. Immutable. */
final class OverloadFindings {
  private static final double LEAST_LEFT_OUT = 10;
  private static final double LONGEST_LAG_S = 15;
  private static final double LEAST_FAIRNESS = 0.9;
  private static final double FULL_AGAIN_WITHIN_S = 30;

  private final OverloadRun run;
  private final List<SeenObservation> seen;
  private final Map<String, Long> dropsByReason = new TreeMap<>();

  /** To which fidelity and why, and how often. */
  private final Map<String, Long> changes = new TreeMap<>();

  OverloadFindings(OverloadRun run, List<SeenObservation> seen, List<ObjectNode> events) {
    this.run = run;
    this.seen = seen;
    for (ObjectNode event : events) {
      if (event.path("kind").asText().equals("dropped")) {
        dropsByReason.merge(event.path("name").asText(), event.path("count").asLong(), Long::sum);
      } else if (event.path("kind").asText().equals("fidelity-changed")) {
        String to = event.path("name").asText();
        String message = event.path("message").asText();
        String why = message.substring(0, message.indexOf(','));
        changes.merge("to=%s %s".formatted(to, why), 1L, Long::sum);
      }
    }
  }

  List<Check> checks() {
    return List.of(
        Check.atLeast("pictures left out, at least", percentLeftOut(), LEAST_LEFT_OUT, "%"),
        Check.atMost("pictures gone without a reason, at most", Math.abs(unexplained()), 0, ""),
        Check.atMost(
            "longest lag of a picture that was judged, at most", longestLagS(), LONGEST_LAG_S, "s"),
        Check.atLeast("Jain fairness of pictures judged, at least", fairness(), LEAST_FAIRNESS, ""),
        Check.atMost(
            "until all pictures of all sessions are judged again, at most",
            fullAgainS(),
            FULL_AGAIN_WITHIN_S,
            "s"));
  }

  String notes() {
    StringBuilder notes = new StringBuilder();
    notes.append(
        String.format(
            Locale.ROOT,
            """
            %d sessions were more than one subtask could carry, so pictures were left out; %d were opened in all, and all but
            %d of them ended %.0f s after the first began. Of %d pictures sent %d were judged.

            | dropped as | pictures |
            |---|--:|
            """,
            run.sessions() / 2,
            run.sessions(),
            run.staying(),
            (run.endUs() - run.startUs()) / 1e6,
            run.pictures(),
            seen.size()));
    dropsByReason.forEach(
        (reason, count) -> notes.append("| %s | %d |%n".formatted(reason, count)));
    notes.append(String.format("%n| change of fidelity | times |%n|---|--:|%n"));
    changes.forEach((change, count) -> notes.append("| %s | %d |%n".formatted(change, count)));
    notes.append(
        """

        Lag is from Kafka's append to the observation. Fairness is Jain's index, (sum x)^2 / (n sum x^2), of the pictures
        judged of each session in the last seconds of the load: 1 is even. They were, session by session:
        """);
    notes.append(judgedOfEachSession()).append('\n');
    return notes.toString();
  }

  SvgChart chart() {
    Map<Long, Double> lag = new TreeMap<>();
    Map<Long, Double> judged = new TreeMap<>();
    for (SeenObservation one : seen) {
      long second = Math.max(0, (one.emittedUs() - run.startUs()) / 1_000_000);
      lag.merge(second, one.lagS(), Math::max);
      judged.merge(second, 1.0, Double::sum);
    }
    judged.replaceAll((second, count) -> count / run.sessions());
    return new SvgChart("Overload", "s", "s, pictures per second and session")
        .line("longest lag in s", points(lag))
        .line("judged of a session in a second", points(judged))
        .mark("measured from", (run.holdUs() - run.startUs()) / 1e6)
        .mark("load gone", (run.endUs() - run.startUs()) / 1e6);
  }

  /** Of all that were sent: else there was no overload. */
  private double percentLeftOut() {
    return 100.0 * dropped() / run.pictures();
  }

  private long unexplained() {
    return run.pictures() - seen.size() - dropped();
  }

  private long dropped() {
    return dropsByReason.values().stream().mapToLong(Long::longValue).sum();
  }

  private double longestLagS() {
    return seen.stream().mapToDouble(SeenObservation::lagS).max().orElse(Double.NaN);
  }

  private double fairness() {
    double sum = 0;
    double squares = 0;
    for (long judged : judgedOfEachSession()) {
      sum += judged;
      squares += (double) judged * judged;
    }
    return sum * sum / (run.sessions() * squares);
  }

  /** In the last seconds of the load, fewest first. */
  private List<Long> judgedOfEachSession() {
    Map<String, Long> judged = new HashMap<>();
    IntStream.range(0, run.sessions()).forEach(i -> judged.put("live-" + i, 0L));
    for (SeenObservation one : seen) {
      if (one.emittedUs() >= run.holdUs() && one.emittedUs() < run.endUs()) {
        judged.merge(one.session(), 1L, Long::sum);
      }
    }
    return judged.values().stream().sorted().toList();
  }

  /**
   * From the end of the load to the last picture of a session that stayed of which some were left
   * out.
   */
  private double fullAgainS() {
    List<String> staying = IntStream.range(0, run.staying()).mapToObj(i -> "live-" + i).toList();
    Map<String, Long> lastLoweredUs = new HashMap<>();
    Map<String, Long> lastFullUs = new HashMap<>();
    for (SeenObservation one : seen) {
      Map<String, Long> last = one.fidelity().equals("all") ? lastFullUs : lastLoweredUs;
      last.merge(one.session(), one.emittedUs(), Math::max);
    }
    double longestS = 0;
    for (String session : staying) {
      long loweredUs = lastLoweredUs.getOrDefault(session, run.endUs());
      if (lastFullUs.getOrDefault(session, 0L) <= loweredUs) {
        return Double.NaN; // never again
      }
      longestS = Math.max(longestS, (loweredUs - run.endUs()) / 1e6);
    }
    return longestS;
  }

  private static List<double[]> points(Map<Long, Double> perSecond) {
    List<double[]> points = new ArrayList<>();
    perSecond.forEach((second, value) -> points.add(new double[] {second, value}));
    return points;
  }
}
