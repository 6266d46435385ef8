package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever lies on the topic is a segment that can be decoded, or is rejected with a reason. The
 * seeds are segments of real clips; {@code FuzzSeedsTest} of the module operators writes them.
 */
class SegmentsFuzzTest {
  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void read(byte[] bytes) {
    Segment segment;
    try {
      segment = Segments.read(bytes);
    } catch (RejectedRecordException e) {
      assertThat(e.reason()).isNotNull();
      assertThat(e).hasMessageContaining(" ");
      return;
    }
    assertThat(sizes(segment)).isEqualTo(segment.getPayload().size());
    assertThat(readAgain(segment)).isEqualTo(segment);
    walk(segment);
    assemble(segment);
  }

  private static long sizes(Segment segment) {
    return segment.getAccessUnitsList().stream().mapToLong(AccessUnit::getSize).sum();
  }

  private static Segment readAgain(Segment segment) {
    try {
      return Segments.read(Segments.write(segment));
    } catch (RejectedRecordException e) {
      throw new AssertionError("what was read is written and not read again", e);
    }
  }

  /** What every reader of an access unit does with its bytes. */
  private static void walk(Segment segment) {
    byte[] configuration = segment.getCodecConfiguration().toByteArray();
    byte[] payload = segment.getPayload().toByteArray();
    ContentHash.of(segment.getCodec(), configuration, payload);
    NalUnits.forEach(
        payload,
        NalUnits.lengthBytes(segment.getCodec(), configuration),
        (offset, length) -> {
          assertThat(length).isPositive();
          assertThat(offset + length).isLessThanOrEqualTo(payload.length);
        });
  }

  /** It, and one that says that it is the next part. */
  private static void assemble(Segment segment) {
    PartAssembler parts = new PartAssembler();
    Segment next =
        segment.toBuilder()
            .setSequence(segment.getSequence() + 1)
            .setPart(segment.getPart() + 1)
            .build();
    for (Segment part : List.of(segment, next)) {
      parts
          .add(part)
          .ifPresent(whole -> assertThat(sizes(whole)).isEqualTo(whole.getPayload().size()));
    }
    assertThat(parts.pending().size() + parts.abandonedParts()).isLessThanOrEqualTo(2);
  }
}
