package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.StreamFormat;

/**
 * Gives the programme with time stamps of its own, as the encoder of a real source would: each
 * source begins to count elsewhere, in the ticks of its protocol. Guarded by {@link
 * SimulatedSources}.
 */
final class SimulatedSource {
  private final Programme programme;
  private final SourceSpecification specification;
  private final StreamFormat format;
  private final double ticksPerPicture;
  private final long firstTick;

  private Condition condition = Condition.GOOD;
  private long conditionSince;
  private boolean awaitsKey;

  /**
   * @param index among the sources of its session
   */
  SimulatedSource(Programme programme, String session, String name, int index) {
    this.programme = programme;
    SourceTransport transport = index % 2 == 0 ? SourceTransport.SRT : SourceTransport.RTMP;
    String scheme = transport == SourceTransport.SRT ? "srt" : "rtmp";
    specification =
        SourceSpecification.pull(
            name, transport, "%s://simulated:9000/%s/%s".formatted(scheme, session, name));
    int ticksPerSecond = transport == SourceTransport.SRT ? 90_000 : 1_000;
    format =
        new StreamFormat(
            programme.format().codec(), programme.format().configuration(), 1, ticksPerSecond);
    ticksPerPicture = programme.pictureSeconds() * ticksPerSecond;
    firstTick = (index + 1) * 100_003L;
  }

  SourceSpecification specification() {
    return specification;
  }

  StreamFormat format() {
    return format;
  }

  Condition condition() {
    return condition;
  }

  /**
   * @param picture from which on it is so
   */
  void set(Condition next, long picture) {
    awaitsKey = condition.isBadPicture() && next == Condition.GOOD;
    condition = next;
    conditionSince = picture;
  }

  /** What it sends at that moment; null for nothing. */
  EncodedUnit unit(long picture) {
    if (!condition.delivers()) {
      return null;
    }
    EncodedUnit unit =
        condition == Condition.GOOD
            ? programme.good(picture)
            : programme.bad(condition, picture - conditionSince);
    awaitsKey &= !unit.key();
    if (awaitsKey) {
      return null; // what was encoded before cannot be gone on with
    }
    long tick = firstTick + Math.round(picture * ticksPerPicture);
    return new EncodedUnit(unit.data(), tick, tick, unit.key(), unit.contentHash());
  }

  long durationTicks() {
    return Math.round(ticksPerPicture);
  }

  /** The inverse of {@link #unit}. */
  long picture(long tick) {
    return Math.round((tick - firstTick) / ticksPerPicture);
  }
}
