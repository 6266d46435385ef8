package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.peers.Browser;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.Publishers;
import dev.flinkvideo.peers.RequiresPeer;
import dev.flinkvideo.protocol.ContentHash;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chromium, by way of the page that we serve. */
@RequiresPeer("chromium")
class WhipBrowserE2ECase {
  static final String STREAM = "live/one";
  private static final String PICTURES_SENT =
      "current.connection.getStats().then(all =>"
          + " [...all.values()].find(one => one.type === 'outbound-rtp').framesSent)";

  /** Between the browser's encoder and its packetizer: each picture as it is sent, in Base64. */
  private static final String KEEP_WHAT_IS_SENT =
      """
      (() => {
        window.sent = [];
        const text = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''));
        const Connection = window.RTCPeerConnection;
        window.RTCPeerConnection = function (configuration) {
          return new Connection({...configuration, encodedInsertableStreams: true});
        };
        const add = Connection.prototype.addTransceiver;
        Connection.prototype.addTransceiver = function (...given) {
          const transceiver = add.apply(this, given);
          const {readable, writable} = transceiver.sender.createEncodedStreams();
          const keep = new TransformStream({
            transform: (picture, onwards) => {
              window.sent.push(text(new Uint8Array(picture.data)));
              onwards.enqueue(picture);
            }});
          readable.pipeThrough(keep).pipeTo(writable);
          return transceiver;
        };
        return 'kept';
      })()
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({"H264, camera", "VP8, pattern", "VP9, pattern", "AV1, pattern"})
  void shouldTakeEachCodecWithCaptureTimes(String codec, String source) throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        Browser browser = publish(server, codec, source)) {
      awaitUnits(server, 30);
      awaitAllThatIsSent(server, browser);
      browser.evaluate("element('stop').click()");

      Ending ending = server.publishers.awaitEnding(STREAM);
      List<LiveUnit> units = server.publishers.recording(STREAM).units();
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(server.publishers.recording(STREAM).formats())
          .extracting(format -> format.codec())
          .containsExactly(codec.toLowerCase(Locale.ROOT));
      assertThat(server.publishers.recording(STREAM).hashes()).isEqualTo(sent(browser, codec));
      assertThat(units.get(0).unit().key()).isTrue();
      assertThat(units).extracting(unit -> unit.unit().pts()).isSorted().doesNotHaveDuplicates();
      assertThat(units)
          .extracting(LiveUnit::captureClock)
          .contains(CaptureClock.CAPTURE_CLOCK_ABS_CAPTURE_TIME);
      LiveUnit last = units.get(units.size() - 1);
      assertThat(last.arrivalUs() * 1000 - last.captureNs())
          .isBetween(0L, Duration.ofSeconds(5).toNanos());
    }
  }

  @Test
  void shouldGetAKeyFrameOnRequest() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        Browser browser = publish(server, "VP8", "pattern")) {
      awaitUnits(server, 10);
      long before = keys(server.publishers);

      assertThat(server.publishers.transport(STREAM).requestKeyFrame()).isTrue();

      await().atMost(PATIENCE).until(() -> keys(server.publishers) > before);
      browser.kill();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2})
  void shouldRepairLossByRetransmission(double loss) throws Exception {
    Loss onTheWay = new Loss(loss, Integer.MAX_VALUE);
    try (WhipTestServer server = new WhipTestServer(onTheWay);
        Browser browser = publish(server, "H264", "camera")) {
      awaitUnits(server, 150);
      onTheWay.end(); // nobody misses a last packet, behind which none comes
      awaitUnits(server, server.publishers.recording(STREAM).units().size() + 5);
      awaitAllThatIsSent(server, browser);
      browser.evaluate("element('stop').click()");
      Ending ending = server.publishers.awaitEnding(STREAM);

      LinkStatistics link = server.publishers.transport(STREAM).statistics().link().get();
      assertThat(ending.reason()).as(ending::detail).isEqualTo(EndReason.CLOSED);
      assertThat(server.publishers.recording(STREAM).hashes()).isEqualTo(sent(browser, "H264"));
      assertThat(link.lost()).isPositive();
      assertThat(link.dropped()).as(link::toString).isZero();
      assertThat(link.retransmitted()).isPositive();
    }
  }

  @Test
  void shouldSayLostWhenTheBrowserIsKilled() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        Browser browser = publish(server, "VP8", "pattern")) {
      awaitUnits(server, 10);
      browser.kill();

      server.assertLostInTime(STREAM);
    }
  }

  @Test
  void shouldSayLostWhenTheBrowserFallsSilent() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        Browser browser = publish(server, "VP8", "pattern")) {
      awaitUnits(server, 10);
      browser.freeze();

      server.assertLostInTime(STREAM);
    }
  }

  @Test
  void shouldSayClosedWhenThePageIsLeft() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        Browser browser = publish(server, "VP8", "pattern")) {
      awaitUnits(server, 10);
      browser.evaluate("location.href = 'about:blank'");

      assertThat(server.publishers.awaitEnding(STREAM))
          .isEqualTo(new Ending(EndReason.CLOSED, "the peer closed the connection"));
    }
  }

  @Test
  void shouldShowWhyNothingIsPublished() throws Exception {
    try (WhipTestServer server = new WhipTestServer();
        Browser browser = new Browser(server.url("/publish#source=pattern&token=wrong"))) {
      start(browser);

      await()
          .atMost(PATIENCE)
          .until(
              () -> browser.evaluate("element('state').textContent"),
              state -> state.startsWith("not published: 401"));
    }
  }

  static Browser publish(WhipTestServer server, String codec, String source)
      throws IOException, InterruptedException {
    Browser browser =
        new Browser(
            server.url(
                "/publish#stream=%s&token=%s&codec=%s&source=%s"
                    .formatted(STREAM, WhipTestServer.TOKEN, codec, source)));
    start(browser);
    return browser;
  }

  private static void start(Browser browser) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> browser.evaluate("document.readyState + typeof element"),
            "completefunction"::equals);
    try {
      assertThat(browser.evaluate(KEEP_WHAT_IS_SENT)).isEqualTo("kept");
      browser.evaluate("element('start').click()");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitUnits(WhipTestServer server, int count) {
    await()
        .atMost(PATIENCE)
        .until(() -> server.publishers.recording(STREAM).units().size() >= count);
  }

  /** Ends the picture and not yet the connection, and waits until as many came as were sent. */
  private static void awaitAllThatIsSent(WhipTestServer server, Browser browser) throws Exception {
    browser.evaluate("current.connection.getSenders()[0].replaceTrack(null).then(() => '')");
    await()
        .atMost(WhipTestServer.DEADLINES.nextUnit())
        .untilAsserted(
            () ->
                assertThat(server.publishers.recording(STREAM).units())
                    .hasSize(Integer.parseInt(browser.evaluate(PICTURES_SENT))));
  }

  /** Content hashes of the pictures as the browser's encoder made them. */
  private static List<Long> sent(Browser browser, String codec) throws Exception {
    return Pattern.compile(",")
        .splitAsStream(browser.evaluate("window.sent.join(',')"))
        .map(Base64.getDecoder()::decode)
        .map(data -> ContentHash.of(codec.toLowerCase(Locale.ROOT), new byte[0], data))
        .toList();
  }

  private static long keys(Publishers publishers) {
    return publishers.recording(STREAM).units().stream().filter(unit -> unit.unit().key()).count();
  }
}
