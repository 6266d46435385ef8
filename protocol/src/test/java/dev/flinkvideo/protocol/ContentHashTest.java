package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHashTest {
  private static final byte[] AVCC = {1, 66, 0, 30, (byte) 0xff};
  private static final byte[] HVCC = hvcc();
  private static final byte[] ANNEX_B = {};

  private static final byte[] H264_SPS = {0x67, 66, 0, 30, 1};
  private static final byte[] H264_SEI = {6, 5, 1, 2, (byte) 0x80};
  private static final byte[] H264_DELIMITER = {9, 0x10};
  private static final byte[] H264_SLICE = slice(0x65, 1);
  private static final byte[] H264_SLICE_2 = slice(0x41, 2);
  private static final byte[] HEVC_VPS = {0x40, 1, 12};
  private static final byte[] HEVC_SLICE = slice(0x26, 3);

  @Test
  void shouldBeTheSameWhateverTheNalUnitsTravelledIn() {
    assertThat(ContentHash.of("h264", AVCC, avcc(List.of(H264_SLICE, H264_SLICE_2))))
        .isEqualTo(ContentHash.of("h264", ANNEX_B, annexB(List.of(H264_SLICE, H264_SLICE_2))));
    assertThat(ContentHash.of("hevc", HVCC, avcc(List.of(HEVC_SLICE))))
        .isEqualTo(ContentHash.of("hevc", ANNEX_B, annexB(List.of(HEVC_SLICE))));
  }

  @Test
  void shouldNotMindParameterSetsSeiAndDelimiters() {
    byte[] dressed = annexB(List.of(H264_DELIMITER, H264_SPS, H264_SEI, H264_SLICE, H264_SLICE_2));

    assertThat(ContentHash.of("h264", ANNEX_B, dressed))
        .isEqualTo(ContentHash.of("h264", AVCC, avcc(List.of(H264_SLICE, H264_SLICE_2))));
    assertThat(ContentHash.of("hevc", ANNEX_B, annexB(List.of(HEVC_VPS, HEVC_SLICE))))
        .isEqualTo(ContentHash.of("hevc", HVCC, avcc(List.of(HEVC_SLICE))));
  }

  @Test
  void shouldNotMindTheTemporalDelimiterOfAv1() {
    byte[] frame = {0x32, 3, 1, 2, 3};
    byte[] delimited = {0x12, 0, 0x32, 3, 1, 2, 3};

    assertThat(ContentHash.of("av1", ANNEX_B, delimited))
        .isEqualTo(ContentHash.of("av1", ANNEX_B, frame));
  }

  @Test
  void shouldTellPicturesApart() {
    assertThat(ContentHash.of("h264", AVCC, avcc(List.of(H264_SLICE))))
        .isNotEqualTo(ContentHash.of("h264", AVCC, avcc(List.of(H264_SLICE_2))));
  }

  @Test
  void shouldTellDamagedUnitsWithoutASliceApart() {
    byte[] one = {1, 2, 3};
    byte[] other = {4, 5, 6};

    assertThat(ContentHash.of("h264", ANNEX_B, one))
        .isNotEqualTo(ContentHash.of("h264", ANNEX_B, other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp8", "vp9", "av1", "mjpeg"})
  void shouldCoverTheWholeFrameOfOtherCodecs(String codec) {
    byte[] frame = Samples.noise(1_000, 1);
    byte[] changed = frame.clone();
    changed[999] ^= 1;

    assertThat(ContentHash.of(codec, ANNEX_B, frame))
        .isNotEqualTo(ContentHash.of(codec, ANNEX_B, changed))
        .isEqualTo(ContentHash.of(codec, ANNEX_B, frame.clone()));
  }

  @Test
  void shouldNotChangeFromReleaseToRelease() {
    // A change would make two connections of unlike gateways look like two encodes. The numbers are
    // those of the reference implementation (python xxhash 4.0).
    assertThat(ContentHash.of("vp8", ANNEX_B, new byte[] {1, 2, 3}))
        .isEqualTo(-1455054697635351749L);
    byte[] slice = new byte[500];
    for (int i = 1; i < slice.length; i++) {
      slice[i] = (byte) (i | 1);
    }
    slice[0] = 0x65;
    assertThat(ContentHash.of("h264", AVCC, avcc(List.of(slice)))).isEqualTo(-183241386391843371L);
  }

  @Test
  void shouldTakeAnyNoise() {
    for (int seed = 0; seed < 1_000; seed++) {
      byte[] noise = Samples.noise(seed % 50, seed);
      ContentHash.of("h264", AVCC, noise);
      ContentHash.of("hevc", HVCC, noise);
      ContentHash.of("hevc", noise, noise);
    }
  }

  private static byte[] slice(int header, int seed) {
    byte[] slice = Samples.noise(500, seed);
    for (int i = 0; i < slice.length; i++) {
      slice[i] |= 1; // no emulated start code, no trailing zero
    }
    slice[0] = (byte) header;
    return slice;
  }

  private static byte[] hvcc() {
    byte[] hvcc = new byte[23];
    hvcc[0] = 1;
    hvcc[21] = 3;
    return hvcc;
  }

  private static byte[] avcc(List<byte[]> nalUnits) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] nalUnit : nalUnits) {
      out.writeBytes(new byte[] {0, 0, (byte) (nalUnit.length >> 8), (byte) nalUnit.length});
      out.writeBytes(nalUnit);
    }
    return out.toByteArray();
  }

  private static byte[] annexB(List<byte[]> nalUnits) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] nalUnit : nalUnits) {
      out.writeBytes(new byte[] {0, 0, 0, 1});
      out.writeBytes(nalUnit);
    }
    return out.toByteArray();
  }
}
