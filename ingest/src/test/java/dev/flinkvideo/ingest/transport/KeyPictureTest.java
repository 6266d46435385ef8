package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPictureTest {
  @ParameterizedTest
  @CsvSource({
    "h264, 00000109f000000165aabb, true", // a delimiter, then an IDR slice
    "h264, 00000109f000000141aabb, false",
    "h264, 0000010606018480000001419a, true", // a recovery point of 0 pictures, then a slice
    "h264, 0000010606014480000001419a, false", // one some pictures later
    "hevc, 000001260180aabb, true", // IDR_W_RADL
    "hevc, 0000012a0180aabb, true", // CRA
    "hevc, 000001020180aabb, false",
    "vp9, 82498342, false" // its containers say
  })
  void shouldKnowWhereDecodingCanStart(String codec, String hex, boolean key) {
    byte[] data = HexFormat.of().parseHex(hex);

    assertThat(KeyPicture.isKey(codec, new byte[0], data)).isEqualTo(key);
  }
}
