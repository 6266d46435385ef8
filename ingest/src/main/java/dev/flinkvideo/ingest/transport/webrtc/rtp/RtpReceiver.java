package dev.flinkvideo.ingest.transport.webrtc.rtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The receiving end of one video stream: unwraps retransmissions, puts packets in order, and says
 * what to tell the sender. One thread; time is an argument.
 */
public final class RtpReceiver {
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A key frame takes its time; asking more often only makes more of them. */
  private static final long KEY_FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long TICKS_PER_SECOND = 90_000;

  /**
   * How the stream was agreed on.
   *
   * @param retransmissionType empty if the sender repeats packets as they were
   * @param maximumBitrate what we tell it that we take, in bit/s
   */
  public record Stream(int payloadType, OptionalInt retransmissionType, long maximumBitrate) {}

  private final Stream stream;
  private final ReorderBuffer buffer;
  private boolean known;
  private int source;
  private long received;
  private boolean keyFrameWanted;
  private long keyFrameAskedNanos;
  private long reportedNanos;
  private long first;
  private long reportedExpected;
  private long reportedReceived;
  private long jitterTicks16;
  private long lastTransitTicks;
  private int lastReport;
  private long lastReportNanos;

  public RtpReceiver(Stream stream, ReorderBuffer.Sink sink) {
    this.stream = stream;
    buffer = new ReorderBuffer(sink);
  }

  /**
   * Takes a packet of the connection.
   *
   * @return whether it belongs to this stream
   */
  public boolean packet(RtpPacket packet, long nowNanos) {
    if (stream.retransmissionType().equals(OptionalInt.of(packet.payloadType()))) {
      if (known) {
        repeated(packet, nowNanos);
      }
      return true;
    }
    if (packet.payloadType() != stream.payloadType() || known && packet.source() != source) {
      return packet.payloadType() == stream.payloadType();
    }
    boolean begins = !known;
    known = true;
    source = packet.source();
    received++;
    measureJitter(packet, nowNanos, begins);
    buffer.add(packet, nowNanos);
    if (begins) {
      first = buffer.highest();
      keyFrameAskedNanos = nowNanos; // streams begin with one by themselves
      reportedNanos = nowNanos - REPORT_NANOS;
    }
    return true;
  }

  /** Whether it has been told by its first packet who sends the stream. */
  public boolean isKnown() {
    return known;
  }

  public boolean isFrom(int sender) {
    return known && sender == source;
  }

  public void senderReport(long ntp, long nowNanos) {
    lastReport = (int) (ntp >>> 16);
    lastReportNanos = nowNanos;
  }

  /** Asks for one key frame, soon. */
  public void wantKeyFrame() {
    keyFrameWanted = true;
  }

  /**
   * @param keyFrameNeeded ask for key frames until one came
   * @return RTCP packets that are due; to be called some fifty times a second
   */
  public List<byte[]> tick(long nowNanos, boolean keyFrameNeeded) {
    List<byte[]> due = new ArrayList<>();
    if (!known) {
      return due;
    }
    List<Long> wanted = buffer.tick(nowNanos);
    if (!wanted.isEmpty()) {
      due.add(Feedback.nack(source, wanted));
    }
    if ((keyFrameWanted || keyFrameNeeded) && nowNanos - keyFrameAskedNanos >= KEY_FRAME_NANOS) {
      keyFrameWanted = false;
      keyFrameAskedNanos = nowNanos;
      due.add(Feedback.pictureLoss(source));
    }
    if (nowNanos - reportedNanos >= REPORT_NANOS) {
      reportedNanos = nowNanos;
      due.add(Feedback.receiverReport(reception(nowNanos)));
      due.add(Feedback.maximumBitrate(source, stream.maximumBitrate()));
    }
    return due;
  }

  public ReorderBuffer buffer() {
    return buffer;
  }

  /** Packets, those that were repeated on our request included. */
  public long received() {
    return received;
  }

  private void repeated(RtpPacket packet, long nowNanos) {
    Optional<RtpPacket> original = packet.repeated(stream.payloadType(), source);
    if (original.isPresent() && buffer.add(original.get(), nowNanos)) {
      received++;
    }
  }

  /** RFC 3550 6.4.1, in 1/16 ticks. */
  private void measureJitter(RtpPacket packet, long nowNanos, boolean begins) {
    long nowTicks = nowNanos / 1000 * TICKS_PER_SECOND / 1_000_000;
    long transitTicks = nowTicks - Integer.toUnsignedLong(packet.timestamp());
    if (!begins) {
      long difference = Math.abs((int) (transitTicks - lastTransitTicks));
      jitterTicks16 += difference - (jitterTicks16 + 8) / 16;
    }
    lastTransitTicks = transitTicks;
  }

  private Feedback.Reception reception(long nowNanos) {
    long expected = buffer.highest() - first + 1;
    long expectedNow = expected - reportedExpected;
    long lostNow = expectedNow - (received - reportedReceived);
    reportedExpected = expected;
    reportedReceived = received;
    int fraction =
        expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, lostNow * 256 / expectedNow);
    long sinceReport =
        lastReport == 0 ? 0 : (nowNanos - lastReportNanos) / 1000 * 65_536 / 1_000_000;
    return new Feedback.Reception(
        source,
        fraction,
        Math.max(0, expected - received),
        buffer.highest(),
        jitterTicks16 / 16,
        lastReport,
        (int) sinceReport);
  }
}
