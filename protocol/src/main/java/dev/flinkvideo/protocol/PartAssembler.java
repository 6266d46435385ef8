package dev.flinkvideo.protocol;

import com.google.protobuf.ByteString;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts an access unit that was split over segments together again. Expects the segments of one
 * session in the order of the log; parts that do not follow each other are given up, counted. Owned
 * by one thread; holds at most {@link Segments#MAX_PARTS} payloads.
 */
public final class PartAssembler {
  private final List<Segment> parts = new ArrayList<>();
  private long abandonedParts;

  /**
   * The segment to decode now: {@code segment} itself, or the whole of which it was the last part,
   * or none yet.
   */
  public Optional<Segment> add(Segment segment) {
    if (segment.getParts() <= 1) {
      abandon();
      return Optional.of(segment);
    }
    if (!continues(segment)) {
      abandon();
      if (segment.getPart() != 0) {
        abandonedParts++;
        return Optional.empty();
      }
    }
    parts.add(segment);
    if (segment.getPart() < segment.getParts() - 1) {
      return Optional.empty();
    }
    return Optional.of(join());
  }

  /** Parts that wait for the rest of their access unit, in order; a copy. */
  public List<Segment> pending() {
    return List.copyOf(parts);
  }

  /** Parts given up since the start because the rest of their access unit did not follow. */
  public long abandonedParts() {
    return abandonedParts;
  }

  private boolean continues(Segment next) {
    if (parts.isEmpty()) {
      return next.getPart() == 0;
    }
    Segment last = parts.get(parts.size() - 1);
    return next.getEpoch() == last.getEpoch()
        && next.getOpenedAtMs() == last.getOpenedAtMs()
        && next.getSequence() == last.getSequence() + 1
        && next.getPart() == last.getPart() + 1
        && next.getParts() == last.getParts();
  }

  private Segment join() {
    ByteString payload = ByteString.EMPTY;
    for (Segment part : parts) {
      payload = payload.concat(part.getPayload());
    }
    Segment first = parts.get(0);
    parts.clear();
    return first.toBuilder()
        .setAccessUnits(0, first.getAccessUnits(0).toBuilder().setSize(payload.size()))
        .setPayload(payload)
        .clearPart()
        .clearParts()
        .build();
  }

  private void abandon() {
    abandonedParts += parts.size();
    parts.clear();
  }
}
