package dev.flinkvideo.jobs.lab;

/**
 * One thing that an experiment holds its run to.
 *
 * @param name what was measured, and which side of the limit is good
 * @param value as measured; NaN if it could not be
 * @param limit what it was held to
 * @param unit of both; empty for a number of things
 */
public record Check(String name, double value, double limit, String unit, boolean passed) {
  /** Good is the limit and below; what could not be measured is not good. */
  public static Check atMost(String name, double value, double limit, String unit) {
    return new Check(name, value, limit, unit, value <= limit);
  }

  /** Good is the limit and above. */
  public static Check atLeast(String name, double value, double limit, String unit) {
    return new Check(name, value, limit, unit, value >= limit);
  }

  /** As it stands in a terminal. */
  public String line() {
    return "%-6s %-60s %s (limit %s) %s"
        .formatted(
            passed ? "ok" : "FAILED", name, LabReport.number(value), LabReport.number(limit), unit)
        .stripTrailing();
  }
}
