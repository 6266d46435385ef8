package dev.flinkvideo.jobs.gateway;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.flinkvideo.protocol.wire.Transport;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway between real encoders and a real Kafka. */
@RequiresPeer("ffmpeg")
class GatewayE2ECase {
  private static final Path CLIP =
      Path.of(
          System.getProperty("project.root"), "jobs", "footage", "one-by-one-person-detection.mp4");

  /** Until a server that serves one caller at a time has noticed that it lost the last. */
  private static final String PATIENT = "timeouts: {connectMs: 20000}\n";

  private static final int STREAMS = 6;
  private static final String SECRET = "sesame-sesame";
  private static final SourceSpecification RTMP =
      SourceSpecification.push("rtmp", SourceTransport.RTMP, "live/lobby");
  private static final SourceSpecification SRT =
      SourceSpecification.push("srt", SourceTransport.SRT, "lobby");

  private static final SourceSpecification WEBRTC =
      SourceSpecification.push("webrtc", SourceTransport.WEBRTC, "live/lobby");

  @TempDir Path directory;

  private EmbeddedBroker broker;
  private final List<Gateway> gateways = new ArrayList<>();
  private final List<Process> peers = new ArrayList<>();

  @BeforeEach
  void startKafka() throws Exception {
    broker = EmbeddedBroker.start(0, directory.resolve("kafka"));
    try (Admin admin = Brokers.connect(broker.bootstrap())) {
      Topics.DEFAULT.ensure(
          admin,
          TopicCreation.unreplicated(2),
          List.of(Topics.SEGMENTS, Topics.COMMANDS, Topics.REPORTS));
    }
  }

  @AfterEach
  void stopAll() {
    peers.forEach(peer -> peer.descendants().forEach(ProcessHandle::destroyForcibly));
    peers.forEach(Process::destroyForcibly);
    gateways.forEach(Gateway::close);
    broker.close();
  }

  @Test
  void shouldPublishWhatAPublisherSendsOnceACommandSaysSo() throws Exception {
    Gateway gateway = gateway("one", "");
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      side.open("lobby", live(RTMP, 1, 1000));
      Process ffmpeg = publish("-i %s".formatted(CLIP), rtmp(gateway));
      ConnectionReport closed = side.awaitReport("lobby", ReportKind.CLOSED);

      assertThat(closed.reason()).as(closed.message()).isEqualTo(CloseReason.ENDED);
      assertThat(closed.statistics().accessUnits()).isEqualTo(1394);
      assertThat(side.reportKinds("lobby"))
          .contains(ReportKind.OPENED, ReportKind.FIRST_SEGMENT, ReportKind.LIVE);
      side.awaitSegments(segments -> side.hashes("lobby").size() >= 1394);
      assertThat(side.hashes("lobby")).isEqualTo(hashes(CLIP));
      List<Segment> segments = side.segments("lobby");
      assertThat(segments).extracting(Segment::getEpoch).containsOnly(1000L);
      assertThat(segments).extracting(Segment::getTransport).containsOnly(Transport.TRANSPORT_RTMP);
      assertThat(segments.get(segments.size() - 1).getSequence()).isEqualTo(segments.size() - 1);
      assertThat(ffmpeg.waitFor()).isZero();
    }
  }

  @Test
  void shouldPublishWhatAWhipPublisherSends() throws Exception {
    Gateway gateway = gateway("one", "");
    Path clip = directory.resolve("clip.mp4");
    String plain = "-c:v libx264 -preset ultrafast -bf 0 -profile:v baseline -an -t 4";
    assertThat(ffmpeg("-i %s %s %s".formatted(CLIP, plain, clip)).waitFor()).isZero();
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      side.open("lobby", live(WEBRTC, 1, 1000));
      whip("-re -i %s -c copy".formatted(clip), gateway);
      ConnectionReport closed = side.awaitReport("lobby", ReportKind.CLOSED);

      List<Long> sent = hashes(clip);
      assertThat(closed.reason()).as(closed.message()).isEqualTo(CloseReason.ENDED);
      side.awaitSegments(segments -> side.hashes("lobby").size() >= sent.size());
      assertThat(side.hashes("lobby")).isEqualTo(sent);
      assertThat(side.segments("lobby"))
          .extracting(Segment::getTransport)
          .containsOnly(Transport.TRANSPORT_WEBRTC);
    }
  }

  @Test
  void shouldMoveBetweenRtmpAndSrtWithoutAHoleInOneEncode() throws Exception {
    Gateway gateway = gateway("one", "");
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      DesiredConnection standby = new DesiredConnection(SRT, 2, null, Role.STANDBY, null, null);
      side.open("lobby", live(RTMP, 1, 1000), standby);
      publish("-re -i %s".formatted(CLIP), rtmp(gateway));
      side.awaitReport(of(ReportKind.LIVE, "rtmp"));
      publish("-re -i %s".formatted(CLIP), srt(gateway)); // a little behind, as standbys may be
      side.awaitReport(of(ReportKind.FIRST_SEGMENT, "srt"));

      side.open(
          "lobby",
          new DesiredConnection(RTMP, 1, 1000L, Role.OUTGOING, null, null),
          live(SRT, 2, 1001));
      side.awaitReport(of(ReportKind.LIVE, "srt"));
      side.open("lobby", live(SRT, 2, 1001));
      side.awaitReport(report -> report.reason() == CloseReason.COMMANDED);
      side.awaitSegments(
          all -> all.stream().filter(segment -> segment.getEpoch() == 1001).count() >= 20);

      List<Long> sent = hashes(CLIP);
      List<Long> before = hashesOf(side.segments("lobby"), 1000);
      List<Long> after = hashesOf(side.segments("lobby"), 1001);
      // The standby's newest group reaches back to before the live one's end: nothing is missing.
      assertThat(sent.indexOf(after.get(0))).isLessThanOrEqualTo(before.size());
      assertThat(after)
          .isEqualTo(
              sent.subList(sent.indexOf(after.get(0)), sent.indexOf(after.get(0)) + after.size()));
    }
  }

  @Test
  void shouldTakeOverFromAGatewayThatStops() throws Exception {
    SourceSpecification pulled =
        SourceSpecification.pull("srt", SourceTransport.SRT, "srt://127.0.0.1:" + freeUdpPort());
    Gateway first = gateway("first", PATIENT);
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      serve(pulled);
      side.open("lobby", live(pulled, 1, 1000));
      ConnectionReport live = side.awaitReport("lobby", ReportKind.LIVE);
      assertThat(live.gateway()).isEqualTo("first");
      gateway("second", PATIENT);

      first.close();

      ConnectionReport taken =
          side.awaitReport(
              report -> report.kind() == ReportKind.LIVE && report.gateway().equals("second"));
      assertThat(taken.connection()).isEqualTo(1);
      assertThat(taken.epoch()).isEqualTo(1000);
      assertThat(taken.openedAtMs()).isGreaterThan(live.openedAtMs());
    }
  }

  @Test
  void shouldBoundWhatWaitsForKafkaAndGoOnAfterwards() throws Exception {
    Gateway gateway =
        gateway("one", "auth: none\nbuffers: {kafkaMegabytes: 64, kafkaSeconds: 2}\n");
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      for (int i = 0; i < STREAMS; i++) {
        String stream = "live/" + i;
        side.open("s" + i, live(SourceSpecification.push("p", SourceTransport.RTMP, stream), 1, 1));
        publish("-re -i %s".formatted(CLIP), rtmp(gateway, stream));
      }
      for (int i = 0; i < STREAMS; i++) {
        side.awaitReport("s" + i, ReportKind.LIVE);
      }
      int port = Integer.parseInt(broker.bootstrap().split(":")[1]);
      broker.close();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> metric(gateway, "dropped_segments_total") > 50 * STREAMS);

      assertThat(metric(gateway, "publishers")).isEqualTo(STREAMS);
      assertThat(metric(gateway, "buffer_bytes")).isLessThan(64 << 20);

      broker = EmbeddedBroker.start(port, directory.resolve("kafka"));
      for (int i = 0; i < STREAMS; i++) {
        String session = "s" + i;
        side.awaitSegments(all -> gapIn(side.segments(session)) > 0);
        List<Segment> segments = side.segments(session);
        Segment resumed = segments.get(gapIn(segments));
        assertThat(resumed.getAccessUnits(0).getKey()).isTrue();
        assertThat(resumed.getEpoch()).isEqualTo(1);
      }
      assertThat(metric(gateway, "publishers")).isEqualTo(STREAMS);
    }
  }

  @Test
  void shouldShowItselfOverHttpAndKeepSecrets() throws Exception {
    Gateway gateway = gateway("one", "");
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      side.open("lobby", live(RTMP, 1, 1000));
      String sound = "-f lavfi -i sine -shortest -map 0:v -map 1:a -c:v copy -c:a aac ";
      ffmpeg("-re -i %s %s".formatted(CLIP, sound) + rtmp(gateway));
      side.awaitReport("lobby", ReportKind.LIVE);

      assertThat(get(gateway, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(gateway, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(gateway, "/nothing").statusCode()).isEqualTo(404);
      String connections = get(gateway, "/v1/connections").body();
      assertThat(connections)
          .contains("\"session\":\"lobby\"", "\"role\":\"live\"", "\"transport\":\"rtmp\"")
          .containsPattern("\"passedOver\":[1-9]")
          .doesNotContain(SECRET);
      assertThat(get(gateway, "/metrics").body())
          .containsPattern("flinkvideo_ingest_passed_over_packets [1-9]")
          .contains("flinkvideo_ingest_connections{transport=\"rtmp\"} 1.0")
          .contains("flinkvideo_ingest_silent_ms_max{transport=\"rtmp\"}")
          .doesNotContain("lobby", SECRET);
    }
  }

  @Test
  void shouldTakeRtmpOverTls() throws Exception {
    Path keyStore = directory.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String arguments =
        "-genkeypair -keyalg EC -dname CN=localhost -storetype PKCS12 -storepass %s -keystore %s"
            .formatted(SECRET, keyStore);
    assertThat(run(keytool + " " + arguments).waitFor()).isZero();
    Gateway gateway =
        gateway(
            "one",
            "rtmp: {port: 0, tls: {keyStore: %s, keyStorePassword: %s}}\n"
                .formatted(keyStore, SECRET));
    try (SessionSide side = new SessionSide(broker.bootstrap())) {
      side.open("lobby", live(RTMP, 1, 1000));
      publish("-re -i %s".formatted(CLIP), rtmp(gateway).replace("rtmp:", "rtmps:"));

      side.awaitReport("lobby", ReportKind.LIVE);
      side.awaitSegments(all -> side.hashes("lobby").size() >= 50);
      List<Long> hashes = side.hashes("lobby");
      assertThat(hashes).isEqualTo(hashes(CLIP).subList(0, hashes.size()));
    }
  }

  @Test
  void shouldTurnAwayWhomNobodyAwaits() throws Exception {
    Gateway gateway = gateway("one", "");
    Process ffmpeg = publish("-i %s".formatted(CLIP), rtmp(gateway));

    assertThat(ffmpeg.waitFor()).isNotZero();
    assertThat(metric(gateway, "refused_total{reason=\"refused\"}")).isPositive();
  }

  private Gateway gateway(String name, String more) throws Exception {
    String yaml =
        """
        name: %s
        bind: 127.0.0.1
        publishers: [{stream: live/lobby, secret: %s}, {stream: lobby, secret: %s}]
        kafka: {bootstrap: '%s'}
        srt: {port: 0}
        webrtc: {port: 0, httpPort: 0}
        http: {port: 0}
        """
            .formatted(name, SECRET, SECRET, broker.bootstrap());
    String rtmp = more.contains("rtmp:") ? "" : "rtmp: {port: 0}\n";
    Path file = Files.writeString(directory.resolve(name + ".yaml"), yaml + rtmp + more);
    Gateway gateway = new Gateway(GatewayConfiguration.read(file));
    gateways.add(gateway);
    gateway.start();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(gateway::isReady);
    return gateway;
  }

  private Process publish(String input, String output) throws IOException {
    return ffmpeg(input + " -c copy -an " + output);
  }

  /** By the FFmpeg in our own natives: Debian's has no WHIP. */
  private void whip(String input, Gateway gateway) throws IOException {
    String url = "http://127.0.0.1:%d/whip/live/lobby".formatted(gateway.whipPort());
    String arguments =
        "-nostdin -loglevel warning %s -f whip -authorization %s %s".formatted(input, SECRET, url);
    ProcessBuilder builder = FfmpegProgram.process(List.of(arguments.split(" +")));
    peers.add(
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
  }

  private void serve(SourceSpecification pulled) throws IOException {
    peers.add(SrtServer.start(CLIP, pulled.endpoint()));
  }

  private Process ffmpeg(String arguments) throws IOException {
    return run("ffmpeg -nostdin -loglevel warning " + arguments);
  }

  private Process run(String command) throws IOException {
    Process process =
        new ProcessBuilder(command.split(" +"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    peers.add(process);
    return process;
  }

  private static String rtmp(Gateway gateway) {
    return "-f flv rtmp://127.0.0.1:%d/live/lobby?key=%s".formatted(gateway.rtmpPort(), SECRET);
  }

  private static String rtmp(Gateway gateway, String stream) {
    return "-f flv rtmp://127.0.0.1:%d/%s".formatted(gateway.rtmpPort(), stream);
  }

  private static String srt(Gateway gateway) {
    return "-f mpegts -srt_streamid lobby -passphrase %s srt://127.0.0.1:%d"
        .formatted(SECRET, gateway.srtPort());
  }

  private static DesiredConnection live(SourceSpecification source, long number, long epoch) {
    return new DesiredConnection(source, number, epoch, Role.LIVE, null, null);
  }

  private static Predicate<ConnectionReport> of(ReportKind kind, String source) {
    return report -> report.kind() == kind && source.equals(report.source());
  }

  /** Index of the first segment whose number does not follow, or 0. */
  private static int gapIn(List<Segment> segments) {
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).getSequence() > segments.get(i - 1).getSequence() + 1) {
        return i;
      }
    }
    return 0;
  }

  private static List<Long> hashesOf(List<Segment> segments, long epoch) {
    return segments.stream()
        .filter(segment -> segment.getEpoch() == epoch)
        .flatMap(segment -> segment.getAccessUnitsList().stream())
        .map(unit -> unit.getContentHash())
        .toList();
  }

  private static List<Long> hashes(Path file) throws IOException {
    List<Long> hashes = new ArrayList<>();
    try (FileSource source = new FileSource(file)) {
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        hashes.add(unit.contentHash());
      }
    }
    return hashes;
  }

  private static long metric(Gateway gateway, String name) throws Exception {
    String wanted = "flinkvideo_ingest_" + name + " ";
    return get(gateway, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(wanted))
        .mapToLong(line -> Long.parseLong(line.substring(wanted.length())))
        .sum();
  }

  private static HttpResponse<String> get(Gateway gateway, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(gateway.httpPort(), path));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
