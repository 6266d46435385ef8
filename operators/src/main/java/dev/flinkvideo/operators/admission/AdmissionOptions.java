package dev.flinkvideo.operators.admission;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Options of admission. */
public final class AdmissionOptions {
  public static final ConfigOption<Duration> STALL_AFTER =
      ConfigOptions.key("admission.stall-after")
          .durationType()
          .defaultValue(Duration.ofSeconds(3))
          .withDescription(
              "A session has stalled when no segment of it was processed for this long; its decoder then gives the"
                  + " pictures it held back for reordering.");

  public static final ConfigOption<Duration> FORGET_AFTER =
      ConfigOptions.key("admission.forget-after")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "A stalled session is forgotten, with all its state, after this much more time.");

  public static final ConfigOption<Duration> OVERLAP_WITHIN =
      ConfigOptions.key("admission.overlap-within")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "A new connection repeats what was shown if its first access units are equal to some that arrived at most"
                  + " this long before or after them; they are then decoded without being shown. 0 turns it off.");

  private AdmissionOptions() {}
}
