package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.wire.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartAssemblerTest {
  private static final byte[] LARGE = Samples.noise(3_000_000, 1);
  private static final EncodedUnit LARGE_UNIT = new EncodedUnit(LARGE, 9_000, 6_000, true, 99);

  private final PartAssembler assembler = new PartAssembler();
  private final List<Segment> parts = parts();

  @Test
  void shouldPutALargeAccessUnitTogetherAgainBitExact() throws Exception {
    Optional<Segment> whole = Optional.empty();
    for (Segment part : parts) {
      byte[] record = Segments.write(part);
      assertThat(record.length).isLessThanOrEqualTo(Segments.MAX_BYTES);
      assertThat(whole).isEmpty();
      whole = assembler.add(Segments.read(record));
    }

    Segment segment = whole.orElseThrow();
    assertThat(segment.getPayload().toByteArray()).isEqualTo(LARGE);
    assertThat(segment.getAccessUnitsCount()).isOne();
    assertThat(segment.getAccessUnits(0).getSize()).isEqualTo(LARGE.length);
    assertThat(segment.getAccessUnits(0).getContentHash()).isEqualTo(99);
    assertThat(segment.getAccessUnits(0).getPts()).isEqualTo(9_000);
    assertThat(segment.getAccessUnits(0).getDts()).isEqualTo(6_000);
    assertThat(segment.getAccessUnits(0).getKey()).isTrue();
    assertThat(segment.getParts()).isZero();
    assertThat(assembler.abandonedParts()).isZero();
  }

  @Test
  void shouldPassAWholeSegmentThrough() {
    assertThat(assembler.add(Samples.segment())).contains(Samples.segment());
  }

  @Test
  void shouldGiveUpAnAccessUnitThatLostAPart() {
    assembler.add(parts.get(0));
    assembler.add(parts.get(1));

    assertThat(assembler.add(parts.get(3))).isEmpty();
    assertThat(assembler.abandonedParts()).isEqualTo(3);
  }

  @Test
  void shouldGiveUpAnAccessUnitThatLostItsBeginning() {
    for (Segment part : parts.subList(1, parts.size())) {
      assertThat(assembler.add(part)).isEmpty();
    }

    assertThat(assembler.abandonedParts()).isEqualTo(parts.size() - 1);
  }

  @Test
  void shouldGiveUpPartsWhenAWholeSegmentFollows() {
    assembler.add(parts.get(0));

    assertThat(assembler.add(Samples.segment())).isPresent();
    assertThat(assembler.abandonedParts()).isOne();
  }

  @Test
  void shouldStartAgainWhenPartZeroIsRepeated() {
    assembler.add(parts.get(0));

    assertThat(addAll()).isPresent();
    assertThat(assembler.abandonedParts()).isOne();
  }

  @Test
  void shouldNotMixPartsOfTwoConnections() {
    assembler.add(parts.get(0));
    Segment other = parts.get(1).toBuilder().setEpoch(8).build();

    assertThat(assembler.add(other)).isEmpty();
    assertThat(assembler.abandonedParts()).isEqualTo(2);
  }

  @Test
  void shouldAssembleTheNextAccessUnitAfterALoss() {
    assembler.add(parts.get(0));
    assembler.add(parts.get(2));

    assertThat(addAll()).isPresent();
  }

  private Optional<Segment> addAll() {
    Optional<Segment> last = Optional.empty();
    for (Segment part : parts) {
      last = assembler.add(part);
    }
    return last;
  }

  private static List<Segment> parts() {
    List<Segment> parts = new ArrayList<>();
    SegmentBuilder builder = new SegmentBuilder(Samples.CONNECTION, 100, parts::add);
    builder.add(LARGE_UNIT, 1);
    builder.flush();
    assertThat(parts).hasSize(4);
    return parts;
  }
}
