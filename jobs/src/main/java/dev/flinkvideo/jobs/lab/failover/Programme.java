package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.ingest.transport.FaultSchedule;
import dev.flinkvideo.ingest.transport.FaultyClip;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What simulated sources show: a clip over and over, and the same time in black and in a standing
 * picture. The clip is encoded anew, so that any clip has a key frame every two seconds and one
 * access unit for each picture in the order in which they are shown. Immutable.
 */
final class Programme {
  static final Duration KEY_INTERVAL = Duration.ofSeconds(2);

  /** Longer than an overlap of two connections may be apart, so that a repetition is none. */
  private static final Duration LENGTH = Duration.ofSeconds(24);

  private static final Duration NEVER = LENGTH;

  private final StreamFormat format;
  private final List<EncodedUnit> good;
  private final List<EncodedUnit> black;
  private final List<EncodedUnit> frozen;

  private Programme(
      StreamFormat format,
      List<EncodedUnit> good,
      List<EncodedUnit> black,
      List<EncodedUnit> frozen) {
    this.format = format;
    this.good = good;
    this.black = black;
    this.frozen = frozen;
  }

  static Programme of(Path clip) throws IOException {
    FaultSchedule flawless = new FaultSchedule(LENGTH, NEVER, NEVER, NEVER, NEVER);
    FaultSchedule black = new FaultSchedule(LENGTH, Duration.ZERO, LENGTH, NEVER, NEVER);
    FaultSchedule frozen =
        new FaultSchedule(LENGTH, Duration.ZERO, Duration.ZERO, Duration.ZERO, LENGTH);
    try (FaultyClip source = new FaultyClip(clip, flawless)) {
      return new Programme(
          source.format(), encode(source), encode(clip, black), encode(clip, frozen));
    }
  }

  private static List<EncodedUnit> encode(Path clip, FaultSchedule schedule) throws IOException {
    try (FaultyClip source = new FaultyClip(clip, schedule)) {
      return encode(source);
    }
  }

  private static List<EncodedUnit> encode(FaultyClip source) throws IOException {
    long pictures = Math.round(LENGTH.toSeconds() / pictureSeconds(source.format()));
    List<EncodedUnit> units = new ArrayList<>();
    for (long i = 0; i < pictures; i++) {
      units.add(source.next());
    }
    return units;
  }

  /** A tick of this format is one picture. */
  StreamFormat format() {
    return format;
  }

  double pictureSeconds() {
    return pictureSeconds(format);
  }

  private static double pictureSeconds(StreamFormat format) {
    return (double) format.timeBaseNumerator() / format.timeBaseDenominator();
  }

  /** The n-th picture, without time stamps that would mean anything. */
  EncodedUnit good(long picture) {
    return at(good, picture);
  }

  /**
   * @param picture counted from when it went bad: the first one is a key frame
   */
  EncodedUnit bad(Condition condition, long picture) {
    return at(condition == Condition.BLACK ? black : frozen, picture);
  }

  private static EncodedUnit at(List<EncodedUnit> units, long picture) {
    return units.get((int) (picture % units.size()));
  }
}
