package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.jobs.lab.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One session of the table: what is done to its sources, and what must come of it.
 *
 * @param must for people
 * @param policy JSON, as in a specification
 * @param steps in order of time
 * @param length from the beginning until nothing more is to come of it
 * @param neededMoves between sources; more are flaps
 * @param checks of what was seen
 */
record Scenario(
    String name,
    String must,
    String policy,
    List<Step> steps,
    Duration length,
    int neededMoves,
    Function<SeenSession, List<Check>> checks) {
  static final String TRUCK = "truck";
  static final String BACKUP = "backup";

  /**
   * Something that is done to a source.
   *
   * @param at after all sessions of the experiment stream from their first source
   */
  record Step(Duration at, String source, Condition condition) {}

  static Scenario of(String name, String must, String policy) {
    return new Scenario(name, must, policy, List.of(), Duration.ZERO, 0, seen -> List.of());
  }

  Scenario step(Duration at, String source, Condition condition) {
    List<Step> all = new ArrayList<>(steps);
    all.add(new Step(at, source, condition));
    return new Scenario(name, must, policy, all, length, neededMoves, checks);
  }

  Scenario lasting(Duration newLength, int moves) {
    return new Scenario(name, must, policy, steps, newLength, moves, checks);
  }

  Scenario checked(Function<SeenSession, List<Check>> newChecks) {
    return new Scenario(name, must, policy, steps, length, neededMoves, newChecks);
  }

  /** What was checked of it, under its name. */
  List<Check> checksOf(SeenSession seen) {
    return checks.apply(seen).stream().map(this::named).toList();
  }

  private Check named(Check check) {
    return new Check(
        name + ": " + check.name(), check.value(), check.limit(), check.unit(), check.passed());
  }
}
