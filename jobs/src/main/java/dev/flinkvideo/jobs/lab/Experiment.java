package dev.flinkvideo.jobs.lab;

/**
 * Sets something up, disturbs it, and says whether it came out as it should. To add one, write the
 * class and list it in {@link Experiments}. Stateless.
 */
public interface Experiment {
  /** What {@code lab run} calls it. */
  String name();

  /** What it shows, in a sentence. */
  String description();

  /**
   * Runs it in the caller's thread, and leaves neither processes nor files but those of the report.
   */
  Outcome run(LabSettings settings) throws Exception;
}
