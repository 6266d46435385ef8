package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Amf0Test {
  @Test
  void shouldReadWhatItWrites() throws MalformedRtmpException {
    byte[] bytes = Amf0.write("connect", 1.0, null, Map.of("app", "live", "level", 3.0));

    assertThat(Amf0.read(ByteBuffer.wrap(bytes)))
        .isEqualTo(Arrays.asList("connect", 1.0, null, Map.of("app", "live", "level", 3.0)));
  }

  @Test
  void shouldReadArraysBooleansAndDates() throws MalformedRtmpException {
    byte[] bytes =
        HexFormat.of().parseHex("0a00000002" + "0101" + "06" + "0b" + "0000000000000000" + "0000");

    List<Object> values = Amf0.read(ByteBuffer.wrap(bytes));

    assertThat(values.get(0)).isEqualTo(Arrays.asList(true, null));
    assertThat(values.get(1)).hasToString("1970-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "02ffff61", // a string that ends before its length
        "0cffffffff61", // one of negative length
        "03000161", // an object without values
        "030000", // one without end
        "0a7fffffff05", // an array of two thousand million
        "00", // a number without digits
        "0d" // a movie clip, which nobody ever sent
      })
  void shouldRefuseWhatIsCutOffOrUnknown(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatThrownBy(() -> Amf0.read(ByteBuffer.wrap(bytes)))
        .isInstanceOf(MalformedRtmpException.class);
  }

  @Test
  void shouldRefuseWhatNestsTooDeep() {
    byte[] nested = new byte[300];
    for (int i = 0; i + 2 < nested.length; i += 3) {
      nested[i] = 3; // an object whose member without a name is an object
    }

    assertThatThrownBy(() -> Amf0.read(ByteBuffer.wrap(nested)))
        .hasMessage("a command nests deeper than 16");
  }
}
