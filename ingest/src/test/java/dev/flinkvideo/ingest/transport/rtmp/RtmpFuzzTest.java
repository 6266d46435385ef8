package dev.flinkvideo.ingest.transport.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * What a peer sends over RTMP is read as messages, or refused in words. The seed is what ffmpeg
 * sent.
 */
class RtmpFuzzTest {
  private static final int MAX_BYTES = 64 * 1024;

  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void read(byte[] bytes) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      RtmpHandshake.accept(in, OutputStream.nullOutputStream());
      ChunkReader chunks = new ChunkReader(in, MAX_BYTES);
      while (true) {
        RtmpMessage message = chunks.next();
        assertThat(message.payload().length).isLessThanOrEqualTo(MAX_BYTES);
        if (message.isCommand()) {
          assertThat(Amf0.read(ByteBuffer.wrap(message.payload()))).isNotNull();
        }
      }
    } catch (IOException e) { // malformed, or the end of it
      assertThat(e instanceof MalformedRtmpException && e.getMessage().isBlank()).isFalse();
    }
  }
}
