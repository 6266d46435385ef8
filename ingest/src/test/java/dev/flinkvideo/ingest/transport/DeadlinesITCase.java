package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.srt.SrtPull;
import dev.flinkvideo.ingest.transport.webrtc.WhepPull;
import dev.flinkvideo.ingest.transport.webrtc.secure.DtlsIdentity;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** We call somebody who takes our bytes and never says a word. */
class DeadlinesITCase {
  private static final SrtOptions PLAIN = new SrtOptions("", "", SrtOptions.DEFAULT_LATENCY);
  private static final DtlsIdentity IDENTITY = DtlsIdentity.create();
  private static final long OFF_AT_MOST_MS = 50;

  /** A busy machine may be late for once. */
  private static final int CALLS = 3;

  /** Who waits, by its own means. */
  private enum By {
    RTMP {
      @Override
      LiveTransport call(int port, Duration within) {
        Duration half = within.dividedBy(2); // its two waits are one
        return RtmpPull.of("rtmp://127.0.0.1:%d/live/one".formatted(port), all(half));
      }
    },
    HTTP {
      @Override
      LiveTransport call(int port, Duration within) {
        return HttpFlvPull.of("http://127.0.0.1:%d/live.flv".formatted(port), all(within));
      }
    },
    WHEP {
      @Override
      LiveTransport call(int port, Duration within) {
        URI url = URI.create("http://127.0.0.1:%d/whep".formatted(port));
        return new WhepPull(url, "", IDENTITY, 2_000_000, all(within));
      }
    },
    LIBSRT {
      @Override
      LiveTransport call(int port, Duration within) {
        return SrtPull.of("127.0.0.1", port, PLAIN, all(within));
      }
    },
    SRT_BY_FFMPEG {
      @Override
      LiveTransport call(int port, Duration within) {
        return SrtByFfmpeg.call("127.0.0.1", port, PLAIN, all(within));
      }
    };

    abstract LiveTransport call(int port, Duration within);
  }

  @ParameterizedTest
  @EnumSource
  void shouldEndWithinFiftyMillisecondsOfAShortDeadline(By by) throws IOException {
    check(by, Duration.ofMillis(350)); // when neither libavformat nor libsrt would look
  }

  @ParameterizedTest
  @EnumSource
  void shouldEndWithinFiftyMillisecondsOfALongerDeadline(By by) throws IOException {
    check(by, Duration.ofMillis(770));
  }

  private static void check(By by, Duration within) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocket tcp = new ServerSocket(0, CALLS, address.getAddress());
        DatagramSocket udp = new DatagramSocket(address)) {
      boolean overTcp = by == By.RTMP || by == By.HTTP || by == By.WHEP;
      int port = overTcp ? tcp.getLocalPort() : udp.getLocalPort();

      long[] tookMs =
          LongStream.range(0, CALLS).map(call -> tookMs(by.call(port, within))).sorted().toArray();

      assertThat(tookMs[CALLS / 2])
          .isBetween(within.toMillis() - OFF_AT_MOST_MS, within.toMillis() + OFF_AT_MOST_MS);
    }
  }

  private static Deadlines all(Duration within) {
    return new Deadlines(within, within, within);
  }

  private static long tookMs(LiveTransport transport) {
    long startNanos = System.nanoTime();
    Ending ending = transport.read(new Recording());
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.LOST);
    return tookMs;
  }
}
