package dev.flinkvideo.ingest.transport.webrtc.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StunMessageTest {
  private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  /** RFC 5769 2.1, a request with all that ICE puts into one. */
  private static final byte[] REQUEST =
      HexFormat.of()
          .parseHex(
              "000100582112a442b7e7a701bc34d686fa87dfae"
                  + "802200105354554e207465737420636c69656e74"
                  + "002400046e0001ff80290008932ff9b151263b36"
                  + "000600096576746a3a68367659202020"
                  + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
                  + "80280004e57a3bcf");

  @Test
  void shouldReadTheRequestOfTheStandard() {
    StunMessage message = StunMessage.parse(REQUEST).orElseThrow();

    assertThat(message.type()).isEqualTo(StunMessage.BINDING_REQUEST);
    assertThat(message.userName()).isEqualTo("evtj:h6vY");
    assertThat(message.nominates()).isFalse();
    assertThat(message.isSignedWith(PASSWORD)).isTrue();
  }

  @Test
  void shouldSeeThatThePasswordIsWrong() {
    StunMessage message = StunMessage.parse(REQUEST).orElseThrow();

    assertThat(message.isSignedWith(PASSWORD + "x")).isFalse();
  }

  @Test
  void shouldSeeThatASignedByteWasChanged() {
    byte[] changed = REQUEST.clone();
    changed[30] ^= 1;

    assertThat(StunMessage.parse(changed).orElseThrow().isSignedWith(PASSWORD)).isFalse();
  }

  @Test
  void shouldReadWhatItWrites() {
    byte[] id = "twelve bytes".getBytes();
    byte[] written =
        new StunWriter(StunMessage.BINDING_REQUEST, id)
            .attribute(StunMessage.USERNAME, "you:me")
            .attribute(StunMessage.USE_CANDIDATE, new byte[0])
            .sign("secret");
    StunMessage message = StunMessage.parse(written).orElseThrow();

    assertThat(message.userName()).isEqualTo("you:me");
    assertThat(message.nominates()).isTrue();
    assertThat(message.transactionId()).isEqualTo(id);
    assertThat(message.isSignedWith("secret")).isTrue();
  }

  @Test
  void shouldTellThePeerItsAddressAsTheStandardDoes() {
    byte[] id = Arrays.copyOfRange(REQUEST, 8, 20);
    byte[] answer =
        new StunWriter(StunMessage.BINDING_SUCCESS, id)
            .mappedAddress(new InetSocketAddress("192.0.2.1", 32853))
            .sign(PASSWORD);

    // RFC 5769 2.2
    assertThat(HexFormat.of().formatHex(answer)).contains("002000080001a147e112a643");
  }

  @Test
  void shouldBelieveNothingBehindTheSignature() {
    byte[] more = Arrays.copyOf(REQUEST, REQUEST.length + 4);
    more[3] += 4;
    more[REQUEST.length + 1] = StunMessage.USE_CANDIDATE;

    assertThat(StunMessage.parse(more).orElseThrow().nominates()).isFalse();
  }

  @Test
  void shouldRefuseWhatIsCutOffAnywhere() {
    for (int length = 0; length < REQUEST.length; length++) {
      assertThat(StunMessage.parse(Arrays.copyOf(REQUEST, length))).isEmpty();
    }
  }
}
