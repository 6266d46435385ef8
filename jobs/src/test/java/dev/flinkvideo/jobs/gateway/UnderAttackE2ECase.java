package dev.flinkvideo.jobs.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.ingest.transport.FfmpegProgram;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.jobs.Brokers;
import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.peers.RequiresPeer;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every port of a gateway is attacked while two streams run by each protocol: none may notice. */
@RequiresPeer({"ffmpeg", "/usr/lib/python3/dist-packages/aiortc"})
@Timeout(240)
class UnderAttackE2ECase {
  /** No B-frames, which WHIP does not take. */
  private static final Path CLIP =
      Path.of(System.getProperty("project.root"), "jobs", "footage", "car-detection.mp4");

  private static final Path INSIDER = Path.of("src/test/resources/peers/whip_insider.py");
  private static final String SECRET = "sesame-sesame";
  private static final String YAML =
      """
      bind: 127.0.0.1
      kafka: {bootstrap: '%1$s'}
      publishers:
        - {stream: live/rtmp-0, secret: %2$s}
        - {stream: live/rtmp-1, secret: %2$s}
        - {stream: srt-0, secret: %2$s}
        - {stream: srt-1, secret: %2$s}
        - {stream: live/whip-0, secret: %2$s}
        - {stream: live/whip-1, secret: %2$s}
        - {stream: noise, secret: %2$s}
        - {stream: live/malformed, secret: %2$s}
      rtmp: {port: 0}
      srt: {port: 0}
      webrtc: {port: 0, httpPort: 0}
      http: {port: 0}
      """;

  private record Stream(String session, SourceTransport transport, String key, String output) {}

  @TempDir private Path directory;

  private final List<Process> publishers = new ArrayList<>();
  private final ExecutorService attackers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    publishers.forEach(Process::destroyForcibly);
    attackers.shutdownNow();
  }

  @Test
  void shouldLeaveStreamsAloneWhileEveryPortIsAttacked() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, directory.resolve("kafka"));
        Gateway gateway = gateway(broker);
        SessionSide side = new SessionSide(broker.bootstrap())) {
      List<Stream> streams = streams(gateway);
      publish(streams, side);

      letInsidersIn(gateway, side);
      attack(gateway);
      assertThat(refused(gateway, "protocol-error")).as("by RTMP, noise").isPositive();
      assertDrippingIsCounted(gateway);
      assertStrangersAreRefused(gateway);
      assertInsidersAreHungUpOn(side);

      List<Long> sent = hashes();
      for (Stream stream : streams) {
        String session = stream.session();
        int came = side.hashes(session).size();
        side.awaitSegments(all -> side.hashes(session).size() >= came + 25);
        List<Long> hashes = side.hashes(session);
        int first = sent.indexOf(hashes.get(0));
        assertThat(hashes).as(session).isEqualTo(overAndOver(sent, first, hashes.size()));
        assertThat(side.segments(session))
            .as(session)
            .extracting(Segment::getSequence)
            .containsExactlyElementsOf(
                LongStream.range(0, side.segments(session).size()).boxed().toList());
      }
      await().until(() -> metric(gateway, "publishers") == streams.size());
      assertThat(get(gateway, "/healthz").statusCode()).isEqualTo(200);
    }
  }

  /** Two who know the secret: noise by SRT, and by WHIP RTP that is malformed once it is opened. */
  private void letInsidersIn(Gateway gateway, SessionSide side) throws IOException {
    open(side, "noise", SourceTransport.SRT, "noise");
    open(side, "malformed", SourceTransport.WEBRTC, "live/malformed");
    String noise =
        "-nostdin -loglevel warning -re -f s16le -ar 200000 -ac 2 -i /dev/urandom -c copy -f s16le"
            + " srt://127.0.0.1:%d?streamid=noise&passphrase=%s&pkt_size=1316";
    publishers.add(
        run(FfmpegProgram.process(List.of(noise.formatted(gateway.srtPort(), SECRET).split(" ")))));
    String whip = uri(gateway.whipPort(), "/whip/live/malformed").toString();
    publishers.add(run(new ProcessBuilder("/usr/bin/python3", INSIDER.toString(), whip, SECRET)));
    side.awaitReport("noise", ReportKind.OPENED);
    side.awaitReport("malformed", ReportKind.OPENED);
  }

  /** Each for its reason, and of what they sent nothing was taken for a picture. */
  private static void assertInsidersAreHungUpOn(SessionSide side) {
    ConnectionReport noise = side.awaitReport("noise", ReportKind.CLOSED);
    assertThat(noise.reason())
        .as(noise.message())
        .isIn(CloseReason.BROKEN, CloseReason.TIMED_OUT, CloseReason.UNSUPPORTED);
    ConnectionReport malformed = side.awaitReport("malformed", ReportKind.CLOSED);
    assertThat(malformed.reason()).as(malformed.message()).isEqualTo(CloseReason.TIMED_OUT);
    assertThat(malformed.message()).startsWith("stalled: no key frame for");
    assertThat(side.segments("noise")).isEmpty();
    assertThat(side.segments("malformed")).isEmpty();
  }

  private void attack(Gateway gateway) throws Exception {
    List<Callable<Long>> attacks = new ArrayList<>();
    attacks.addAll(Attackers.overTcp(gateway.rtmpPort(), Attackers.rtmpBeginning()));
    attacks.addAll(Attackers.overTcp(gateway.whipPort(), Attackers.httpBeginning()));
    Future<Long> srt =
        attackers.submit(() -> Attackers.overUdp(gateway.srtPort(), Attackers::looksLikeSrt));
    List<Future<Long>> media = new ArrayList<>();
    for (Attackers.Maker maker :
        List.<Attackers.Maker>of(
            Attackers::unsignedCheck, Attackers::forgedCheck, Attackers::looksLikeMedia)) {
      media.add(attackers.submit(() -> Attackers.overUdp(gateway.mediaPort(), maker)));
    }

    for (Future<Long> attack : attackers.invokeAll(attacks)) {
      attack.get(); // those without end are hung up on, or this never returns
    }
    for (Future<Long> unanswered : media) {
      assertThat(unanswered.get()).as("bytes in answer to who cannot sign").isZero();
    }
    assertThat(srt.get()).as("libsrt answers no more than it is sent").isLessThan(64 * 4000L);
  }

  /** Alone, or they would be among the many of whom there are too many. */
  private void assertDrippingIsCounted(Gateway gateway) throws Exception {
    long before = refused(gateway, "stalled");
    List<Callable<Long>> drips =
        List.of(
            () -> Attackers.drip(gateway.rtmpPort(), Attackers.rtmpBeginning()),
            () -> Attackers.drip(gateway.whipPort(), Attackers.httpBeginning()));
    for (Future<Long> drip : attackers.invokeAll(drips)) {
      drip.get();
    }
    assertThat(refused(gateway, "stalled")).as("by RTMP and by HTTP").isEqualTo(before + 2);
  }

  /** And they are told as little as those who know no stream. */
  private void assertStrangersAreRefused(Gateway gateway) throws Exception {
    long unauthorised = refused(gateway, "unauthorised");
    assertThat(ffmpeg("-f flv rtmp://127.0.0.1:%d/live/rtmp-0?key=wrong", gateway.rtmpPort()))
        .isNotZero();
    assertThat(
            ffmpeg(
                "-f mpegts srt://127.0.0.1:%d?streamid=srt-0&passphrase=wrong-wrong",
                gateway.srtPort()))
        .isNotZero();
    HttpRequest post =
        HttpRequest.newBuilder(uri(gateway.whipPort(), "/whip/live/whip-0"))
            .header("Content-Type", "application/sdp")
            .header("Authorization", "Bearer wrong")
            .POST(HttpRequest.BodyPublishers.ofString("v=0"))
            .build();
    assertThat(HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString()))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(401);
    await() // libsrt tells nothing of a wrong pass phrase: it is noticed a little later
        .untilAsserted(
            () ->
                assertThat(refused(gateway, "unauthorised"))
                    .as("by RTMP, SRT and WHIP")
                    .isGreaterThanOrEqualTo(unauthorised + 3));
  }

  private void publish(List<Stream> streams, SessionSide side) throws IOException {
    for (Stream stream : streams) {
      open(side, stream.session(), stream.transport(), stream.key());
    }
    for (Stream stream : streams) {
      publishers.add(start(stream.output()));
    }
    streams.forEach(stream -> side.awaitReport(stream.session(), ReportKind.LIVE));
  }

  private static void open(
      SessionSide side, String session, SourceTransport transport, String key) {
    SourceSpecification source = SourceSpecification.push("source", transport, key);
    side.open(session, new DesiredConnection(source, 1, 1000L, Role.LIVE, null, null));
  }

  private static List<Stream> streams(Gateway gateway) {
    List<Stream> streams = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String rtmp = "-f flv rtmp://127.0.0.1:%d/live/rtmp-%d?key=%s";
      String srt = "-f mpegts srt://127.0.0.1:%d?streamid=srt-%d&passphrase=%s";
      String whip = "-f whip -authorization %3$s http://127.0.0.1:%1$d/whip/live/whip-%2$d";
      streams.add(
          new Stream(
              "rtmp-" + i,
              SourceTransport.RTMP,
              "live/rtmp-" + i,
              rtmp.formatted(gateway.rtmpPort(), i, SECRET)));
      streams.add(
          new Stream(
              "srt-" + i,
              SourceTransport.SRT,
              "srt-" + i,
              srt.formatted(gateway.srtPort(), i, SECRET)));
      streams.add(
          new Stream(
              "whip-" + i,
              SourceTransport.WEBRTC,
              "live/whip-" + i,
              whip.formatted(gateway.whipPort(), i, SECRET)));
    }
    return streams;
  }

  private int ffmpeg(String output, int port) throws Exception {
    Process process = start(output.formatted(port));
    publishers.add(process);
    return process.waitFor();
  }

  private static Process start(String output) throws IOException {
    String arguments =
        "-nostdin -loglevel warning -re -stream_loop -1 -i %s -map 0:v -c copy ".formatted(CLIP);
    return run(FfmpegProgram.process(List.of((arguments + output).split(" "))));
  }

  private static Process run(ProcessBuilder builder) throws IOException {
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Gateway gateway(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Brokers.connect(broker.bootstrap())) {
      Topics.DEFAULT.ensure(
          admin,
          TopicCreation.unreplicated(2),
          List.of(Topics.SEGMENTS, Topics.COMMANDS, Topics.REPORTS));
    }
    String yaml = YAML.formatted(broker.bootstrap(), SECRET);
    Gateway gateway = new Gateway(GatewayConfiguration.parse("test", yaml));
    gateway.start();
    await().atMost(Duration.ofSeconds(60)).until(gateway::isReady);
    return gateway;
  }

  private static List<Long> hashes() throws IOException {
    List<Long> hashes = new ArrayList<>();
    try (FileSource source = new FileSource(CLIP)) {
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        hashes.add(unit.contentHash());
      }
    }
    return hashes;
  }

  private static long refused(Gateway gateway, String reason) throws Exception {
    return metric(gateway, "refused_total{reason=\"%s\"}".formatted(reason));
  }

  private static List<Long> overAndOver(List<Long> hashes, int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> hashes.get(i % hashes.size()))
        .toList();
  }

  private static long metric(Gateway gateway, String name) throws Exception {
    String line = "flinkvideo_ingest_" + name + " ";
    return get(gateway, "/metrics")
        .body()
        .lines()
        .filter(text -> text.startsWith(line))
        .mapToLong(text -> Long.parseLong(text.substring(line.length())))
        .findFirst()
        .orElseThrow();
  }

  private static HttpResponse<String> get(Gateway gateway, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(gateway.httpPort(), path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
  }
}
