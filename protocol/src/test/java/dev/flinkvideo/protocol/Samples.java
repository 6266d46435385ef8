package dev.flinkvideo.protocol;

import com.google.protobuf.ByteString;
import dev.flinkvideo.protocol.IntervalObservation.Range;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One of each record, every field set, always the same. */
final class Samples {
  static final StreamFormat FORMAT =
      new StreamFormat("h264", new byte[] {1, 66, 0, 30, (byte) 0xff}, 1, 90_000);
  static final Connection CONNECTION =
      new Connection("lobby", "lobby-srt", 7, 1_767_225_600_000L, Transport.TRANSPORT_SRT, FORMAT);

  static final SourceSpecification PULLED =
      new SourceSpecification(
          "lobby-srt", SourceTransport.SRT, "srt://truck:9000", null, "truck", 120L, true);
  static final SourceSpecification PUSHED =
      SourceSpecification.push("lobby-rtmp", SourceTransport.RTMP, "live/lobby");
  static final PolicyOverrides POLICY =
      new PolicyOverrides(
          3_000L,
          5_000L,
          10_000L,
          3_000L,
          1_000L,
          2.0,
          30_000L,
          0.2,
          30_000L,
          1,
          true,
          1,
          true,
          10_000L,
          5,
          600_000L,
          600_000L,
          2_000L,
          Map.of(Trigger.LOSS, new TriggerPolicy(true, 2_000L, 5_000L, 0.05)));
  private static final Pin PIN = new Pin("lobby-rtmp", 1_767_229_200_000L);

  private static final Timing TIMING =
      new Timing(
          1_767_225_600_000_000L,
          1_767_225_600_010_000L,
          1_767_225_600_020_000L,
          1_767_225_600_021_000L,
          1_767_225_600_024_000L,
          1_767_225_600_025_000L);

  private static final Decoding DECODING =
      new Decoding(Fidelity.REFERENCE, 60, 5_000, 95L, 140L, TIMING, 1_767_225_602_000L);

  private Samples() {}

  static Segment segment() {
    return Segment.newBuilder()
        .setVersion(1)
        .setSession("lobby")
        .setSource("lobby-srt")
        .setEpoch(7)
        .setOpenedAtMs(1_767_225_600_000L)
        .setSequence(42)
        .setTransport(Transport.TRANSPORT_SRT)
        .setCodec("h264")
        .setCodecConfiguration(ByteString.copyFrom(FORMAT.configuration()))
        .setTimeBaseNumerator(1)
        .setTimeBaseDenominator(90_000)
        .setCaptureTimeNs(1_767_225_600_123_456_789L)
        .setCaptureClock(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT)
        .setArrivalTimeUs(1_767_225_600_200_000L)
        .setPublishTimeUs(1_767_225_600_201_000L)
        .setDiscontinuity(true)
        .addAccessUnits(
            AccessUnit.newBuilder()
                .setPts(6_000)
                .setDts(-3_000)
                .setKey(true)
                .setSize(5)
                .setContentHash(0x1122334455667788L))
        .addAccessUnits(AccessUnit.newBuilder().setSize(3).setContentHash(-1))
        .setPayload(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
        .build();
  }

  static FrameObservation frame() {
    return new FrameObservation(
        1,
        "lobby",
        "lobby-srt",
        7,
        1_767_225_600_000L,
        42,
        1,
        6_000L,
        66_666_667L,
        true,
        true,
        Fidelity.REFERENCE,
        1920,
        1080,
        "yuv420p",
        118.5,
        41.25,
        23.5,
        0.03125,
        2.5,
        12.75,
        1.5,
        0.375,
        "d41d8cd98f00b204e9800998ecf8427e",
        Map.of("faces", 2.0),
        TIMING);
  }

  /** The least a frame observation can say. */
  static FrameObservation bareFrame() {
    return new FrameObservation(
        1,
        "lobby",
        "lobby-srt",
        0,
        0,
        0,
        0,
        null,
        0,
        false,
        false,
        Fidelity.ALL,
        2,
        2,
        "gray",
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        null,
        null,
        new Timing(null, 1, 2, 3, 4, 5));
  }

  static IntervalObservation interval() {
    return new IntervalObservation(
        1,
        "lobby",
        "lobby-srt",
        7,
        1_767_225_600_000L,
        42,
        0,
        1_000_000_000L,
        1_000_000_000L,
        25,
        1,
        2,
        Fidelity.KEY,
        1920,
        1080,
        "yuv420p",
        range(118),
        range(41),
        range(23),
        range(0),
        range(2),
        range(12),
        range(1),
        range(0),
        TIMING);
  }

  static Event event() {
    return event(EventKind.ALARM_RAISED, "black");
  }

  static Event event(EventKind kind, String name) {
    return Event.builder("lobby", kind)
        .name(name)
        .at("lobby-srt", 7, 1_767_225_600_000L, 42)
        .timeNs(4_000_000_000L)
        .sinceNs(2_000_000_000L)
        .value(0.984375)
        .count(3)
        .change("streaming", "migrating", 12_000)
        .decoding(DECODING)
        .message("blackShare=0.98 for 2 s")
        .build(1_767_225_600_025_000L);
  }

  static SessionSpecification specification() {
    return new SessionSpecification(1, "lobby", List.of(PULLED, PUSHED), POLICY, PIN);
  }

  static SessionCommand command() {
    return new SessionCommand(
        1,
        "lobby",
        List.of(
            new DesiredConnection(
                PULLED, 1_767_225_600_000L, 1_767_225_600_001L, Role.LIVE, 2_000L, null),
            new DesiredConnection(PUSHED, 1_767_225_600_002L, null, Role.STANDBY, null, null)),
        List.of(PUSHED),
        1_767_225_600_002L);
  }

  static ConnectionReport report() {
    return new ConnectionReport(
        1,
        ReportKind.STATISTICS,
        "lobby",
        "lobby-srt",
        1_767_225_600_000L,
        1_767_225_600_001L,
        1_767_225_600_150L,
        "gateway-1",
        Role.LIVE,
        CloseReason.ENDED,
        "for people",
        new ConnectionStatistics(33, 900, 15, 4_000_000L, 30.0, 2_000L, 12.5, 0.25, 140L, 12L),
        new VersionRange(1, 1),
        1_767_225_603_000L);
  }

  static SessionStatus status() {
    return new SessionStatus(
        1,
        "lobby",
        "migrating",
        1_767_225_600_000L,
        "black",
        "lobby-srt",
        1_767_225_600_000L,
        "lobby-rtmp",
        3,
        PIN,
        List.of(
            new SourceStatus(
                "lobby-srt",
                "live",
                1_767_225_600_000L,
                1_767_225_600_001L,
                "gateway-1",
                0,
                2,
                1_767_225_604_000L,
                1_767_225_605_000L,
                List.of(Trigger.BLACK))),
        DECODING,
        1_767_225_603_000L);
  }

  /** Bytes that look like nothing, the same for the same seed. */
  static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private static Range range(int min) {
    return new Range(min, min + 0.25, min + 0.5);
  }
}
