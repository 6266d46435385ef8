package dev.flinkvideo.operators.decode;

import java.util.Collection;

/**
 * What of the frame pool a live session's decoder may hold, so that all have as much or as much as
 * they need. Complete sessions take what they need first. Immutable.
 *
 * @param bytes infinite if there is room for all
 * @param unknownBytes taken for a live session whose need is not known
 */
record FrameMemoryShare(double bytes, double unknownBytes) {
  static FrameMemoryShare of(Collection<SessionLoad> loads, long poolBytes) {
    double unknown =
        loads.stream().mapToLong(SessionLoad::frameBytes).filter(b -> b > 0).average().orElse(0);
    return new FrameMemoryShare(
        FairShare.ofLive(loads, load -> need(load, unknown), poolBytes), unknown);
  }

  boolean allows(SessionLoad load) {
    return need(load, unknownBytes) <= bytes;
  }

  String numbers(SessionLoad load) {
    return "frameBytes=%.0f fairShareBytes=%.0f".formatted(need(load, unknownBytes), bytes);
  }

  private static double need(SessionLoad load, double unknown) {
    return load.isLive() && load.frameBytes() == 0 ? unknown : load.frameBytes();
  }
}
