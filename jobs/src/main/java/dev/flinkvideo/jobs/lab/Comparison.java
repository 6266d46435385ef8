package dev.flinkvideo.jobs.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * Observations of a run with failures beside those of a run without, over the same log.
 *
 * @param compared what the run without failures saw, by identity
 * @param missing of those, what the other did not see
 * @param unexpected what only the other saw
 * @param doubled what the other wrote again
 * @param different what the other wrote with another content, by identity; again is again
 * @param examples a few of those, for people
 */
public record Comparison(
    long compared,
    long missing,
    long unexpected,
    long doubled,
    long different,
    List<String> examples) {
  private static final int EXAMPLES = 5;

  public static Comparison of(List<SeenObservation> expected, List<SeenObservation> actual) {
    Map<String, ObjectNode> contents = new HashMap<>();
    expected.forEach(seen -> contents.put(seen.identity(), seen.content()));
    if (contents.size() != expected.size()) {
      throw new IllegalArgumentException("the run without failures saw an identity twice");
    }
    Map<String, Integer> times = new HashMap<>();
    List<String> examples = new ArrayList<>();
    long unexpected = 0;
    long different = 0;
    for (SeenObservation seen : actual) {
      times.merge(seen.identity(), 1, Integer::sum);
      ObjectNode content = contents.get(seen.identity());
      if (content == null) {
        unexpected++;
        examples.add("unexpected: " + seen.identity());
      } else if (!content.equals(seen.content())) {
        different++;
        examples.add(
            "different: %s %s".formatted(seen.identity(), changes(content, seen.content())));
      }
    }
    List<String> missing =
        contents.keySet().stream()
            .filter(identity -> !times.containsKey(identity))
            .sorted()
            .toList();
    missing.forEach(identity -> examples.add("missing: " + identity));
    return new Comparison(
        contents.size(),
        missing.size(),
        unexpected,
        actual.size() - times.size(),
        different,
        examples.stream().limit(EXAMPLES).toList());
  }

  /** Nothing lost, nothing invented, nothing changed; again is allowed. */
  public boolean isEqualButForRepetition() {
    return compared > 0 && missing == 0 && unexpected == 0 && different == 0;
  }

  private static String changes(ObjectNode expected, ObjectNode actual) {
    StringJoiner changes = new StringJoiner(", ");
    Set<String> fields = new TreeSet<>();
    expected.fieldNames().forEachRemaining(fields::add);
    actual.fieldNames().forEachRemaining(fields::add);
    for (String field : fields) {
      if (!expected.path(field).equals(actual.path(field))) {
        changes.add("%s: %s became %s".formatted(field, expected.path(field), actual.path(field)));
      }
    }
    return changes.toString();
  }
}
