package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class NalUnitsTest {
  @Test
  void shouldFindNalUnitsBetweenStartCodesOfBothLengths() {
    assertThat(walk("000001 6501 00000001 4102 000001 06", NalUnits.ANNEX_B))
        .containsExactly("6501", "4102", "06");
  }

  @Test
  void shouldLeaveOutTrailingZeros() {
    assertThat(walk("00000001 6501 0000 00000001 4102 000000", NalUnits.ANNEX_B))
        .containsExactly("6501", "4102");
    assertThat(walk("00000004 65010000", 4)).containsExactly("6501");
  }

  @Test
  void shouldSkipWhatComesBeforeTheFirstStartCode() {
    assertThat(walk("ffff 000001 6501", NalUnits.ANNEX_B)).containsExactly("6501");
  }

  @Test
  void shouldFindNothingWithoutAStartCode() {
    assertThat(walk("6501 4102", NalUnits.ANNEX_B)).isEmpty();
    assertThat(walk("", NalUnits.ANNEX_B)).isEmpty();
    assertThat(walk("000001", NalUnits.ANNEX_B)).isEmpty();
  }

  @Test
  void shouldFollowLengthPrefixesOfAnyWidth() {
    assertThat(walk("02 6501 02 4102", 1)).containsExactly("6501", "4102");
    assertThat(walk("0002 6501 0002 4102", 2)).containsExactly("6501", "4102");
    assertThat(walk("000002 6501 000002 4102", 3)).containsExactly("6501", "4102");
    assertThat(walk("00000002 6501 00000002 4102", 4)).containsExactly("6501", "4102");
  }

  @Test
  void shouldEndTheWalkAtADamagedLength() {
    assertThat(walk("00000002 6501 00000003 4102", 4)).containsExactly("6501");
    assertThat(walk("00000002 6501 ffffffff 4102", 4)).containsExactly("6501");
    assertThat(walk("00000002 6501 7fffffff 4102", 4)).containsExactly("6501");
    assertThat(walk("00000002 6501 0000", 4)).containsExactly("6501");
  }

  @Test
  void shouldStepOverAnEmptyNalUnit() {
    assertThat(walk("00000000 00000002 6501", 4)).containsExactly("6501");
  }

  @Test
  void shouldNeverLeaveTheArray() {
    for (int seed = 0; seed < 2_000; seed++) {
      byte[] noise = Samples.noise(seed % 64, seed);
      for (int lengthBytes = 0; lengthBytes <= 4; lengthBytes++) {
        NalUnits.forEach(
            noise,
            lengthBytes,
            (offset, length) -> {
              assertThat(offset).isNotNegative();
              assertThat(length).isPositive();
              assertThat(offset + length).isLessThanOrEqualTo(noise.length);
            });
      }
    }
  }

  @Test
  void shouldEndTheWalkWhenEnoughIsSeen() {
    assertThat(searched("000001 67 000001 6501 000001 41", NalUnits.ANNEX_B, 2))
        .containsExactly("67", "6501");
    assertThat(searched("01 67 02 6501 01 41", 1, 2)).containsExactly("67", "6501");
    assertThat(searched("09 67 000001 6501 0000 01 41", 1, 1)).containsExactly("67");
  }

  @Test
  void shouldKeepWithinTheBuffersLimits() {
    ByteBuffer data = ByteBuffer.wrap(hex("000001 67 000001 6501 000001 41"));
    data.position(4).limit(9);
    List<Integer> offsets = new ArrayList<>();
    NalUnits.search(data, NalUnits.ANNEX_B, (offset, length) -> offsets.add(offset * 10 + length));
    assertThat(offsets).containsExactly(72);
    assertThat(data.position()).isEqualTo(4);
  }

  @Test
  void shouldFindEveryStartCodeHoweverItLies() {
    for (int seed = 0; seed < 5_000; seed++) {
      byte[] data = Samples.noise(40, seed);
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) ((data[i] & 0xff) % 3); // mostly 0 and 1
      }
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i + 2 < data.length; i++) {
        if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) {
          expected.add(i + 3);
        }
      }
      List<Integer> begins = new ArrayList<>();
      NalUnits.forEach(data, NalUnits.ANNEX_B, (offset, length) -> begins.add(offset));
      assertThat(expected).containsAll(begins);
      expected.removeAll(begins);
      assertThat(expected).allMatch(empty -> onlyZerosUntilTheNext(data, empty));
    }
  }

  private static boolean onlyZerosUntilTheNext(byte[] data, int from) {
    for (int i = from; i < data.length; i++) {
      if (data[i] != 0) {
        return data[i] == 1 && i >= from + 2;
      }
    }
    return true;
  }

  @Test
  void shouldReadTheWidthOfTheLengthPrefixFromTheConfiguration() {
    assertThat(NalUnits.lengthBytes("h264", hex("01 42001e fc"))).isEqualTo(1);
    assertThat(NalUnits.lengthBytes("h264", hex("01 42001e ff"))).isEqualTo(4);
    byte[] hvcc = new byte[23];
    hvcc[0] = 1;
    hvcc[21] = (byte) 0xfd;
    assertThat(NalUnits.lengthBytes("hevc", hvcc)).isEqualTo(2);
  }

  @Test
  void shouldTakeParameterSetsOrNothingForAnnexB() {
    assertThat(NalUnits.lengthBytes("h264", hex("00000001 67"))).isEqualTo(NalUnits.ANNEX_B);
    assertThat(NalUnits.lengthBytes("h264", new byte[0])).isEqualTo(NalUnits.ANNEX_B);
    assertThat(NalUnits.lengthBytes("hevc", hex("01 42001e ff"))).isEqualTo(NalUnits.ANNEX_B);
  }

  private static List<String> walk(String hex, int lengthBytes) {
    byte[] data = hex(hex);
    List<String> found = new ArrayList<>();
    NalUnits.forEach(
        data,
        lengthBytes,
        (offset, length) -> found.add(HexFormat.of().formatHex(data, offset, offset + length)));
    return found;
  }

  private static List<String> searched(String hex, int lengthBytes, int enough) {
    byte[] data = hex(hex);
    List<String> found = new ArrayList<>();
    NalUnits.search(
        ByteBuffer.wrap(data),
        lengthBytes,
        (offset, length) -> {
          found.add(HexFormat.of().formatHex(data, offset, offset + length));
          return found.size() < enough;
        });
    return found;
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
