package dev.flinkvideo.operators.analyze;

/** Hears of alarms while a picture is judged, on the task thread. */
public interface AlarmListener {
  /**
   * @param sinceNs session time from which on the picture has been bad
   * @param timeNs session time of the picture that decided
   * @param value the measure that decided
   */
  void raised(String alarm, long sinceNs, long timeNs, double value);

  /**
   * @param sinceNs as when it was raised
   */
  void cleared(String alarm, long sinceNs, long timeNs, double value);
}
