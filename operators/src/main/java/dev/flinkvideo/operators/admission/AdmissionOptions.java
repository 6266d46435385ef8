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

  public static final ConfigOption<Duration> ARRIVAL_SLACK =
      ConfigOptions.key("admission.arrival-slack")
          .durationType()
          .defaultValue(Duration.ofMillis(300))
          .withDescription(
              "How much longer one source of a session may take to arrive than another. Where a session moves to another"
                  + " encode and no capture clocks say which pictures were shown, those that arrive within this time after"
                  + " the last one are decoded without being shown: no time is shown twice, and as much may be missing.");

  private AdmissionOptions() {}
}
