package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.ingest.transport.webrtc.ice.StunMessage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A datagram is a STUN message or it is not, and nobody signs without the password. */
class StunFuzzTest {
  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void parse(byte[] bytes) {
    StunMessage.parse(bytes)
        .ifPresent(
            message -> {
              assertThat(message.type()).isNotNegative();
              assertThat(message.userName()).isNotNull();
              assertThat(message.isSignedWith("a password that nobody was told")).isFalse();
            });
  }
}
