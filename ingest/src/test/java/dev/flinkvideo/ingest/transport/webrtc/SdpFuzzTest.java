package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Answer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Offer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.SessionDescription;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** An offer is answered, or refused in words. The seeds are those of Chromium and ffmpeg. */
class SdpFuzzTest {
  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void answer(byte[] bytes) {
    try {
      SessionDescription offer =
          SessionDescription.parse(new String(bytes, StandardCharsets.UTF_8));
      Answer.to(offer)
          .ifPresent(
              answer -> {
                answer.video().fingerprint();
                answer.video().credentials();
                answer.format().parameterSets();
                Offer.candidates(answer.video());
              });
    } catch (IllegalArgumentException e) { // WhipHandler answers 400 with the message
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
