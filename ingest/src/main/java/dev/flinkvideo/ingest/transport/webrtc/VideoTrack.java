package dev.flinkvideo.ingest.transport.webrtc;

import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.ingest.transport.LiveSink;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.ingest.transport.UnitCounter;
import dev.flinkvideo.ingest.transport.webrtc.picture.Picture;
import dev.flinkvideo.ingest.transport.webrtc.picture.PictureAssembler;
import dev.flinkvideo.ingest.transport.webrtc.rtp.ReorderBuffer;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtcpReader;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpPacket;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpReceiver;
import dev.flinkvideo.ingest.transport.webrtc.rtp.SenderClock;
import dev.flinkvideo.ingest.transport.webrtc.sdp.VideoFormat;
import dev.flinkvideo.ingest.transport.webrtc.secure.SrtpSession;
import dev.flinkvideo.protocol.ContentHash;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.CaptureClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The video of one connection, from sealed packets to access units. H.264 goes on as Annex B with
 * its parameter sets in front of each key frame, so no format has a configuration. One thread.
 */
final class VideoTrack implements RtcpReader.Visitor {
  private static final int TICKS_PER_SECOND = 90_000;

  /** Of senders whose first packet is still to come, ours and those of other tracks. */
  private static final int MOST_EARLY_REPORTS = 4;

  private static final byte[] NO_CONFIGURATION = {};

  /**
   * @param captureTimeId the header extension with the capture time, if it was agreed on
   * @param maximumBitrate what the sender is told that we take, in bit/s
   */
  record Agreement(VideoFormat format, Optional<Integer> captureTimeId, long maximumBitrate) {}

  private final Agreement agreement;
  private final SrtpSession srtp;
  private final LiveSink sink;
  private final UnitCounter counter;
  private final SenderClock clock = new SenderClock();
  private final PictureAssembler assembler;
  private final RtpReceiver receiver;

  /** FFmpeg's first comes before its first picture, and its next five seconds later. */
  private final Deque<SenderReport> early = new ArrayDeque<>();

  private long units;
  private long lastTimestamp;
  private boolean over;

  private record SenderReport(int source, long ntp, int timestamp) {}

  VideoTrack(Agreement agreement, SrtpSession srtp, LiveSink sink, UnitCounter counter) {
    this.agreement = agreement;
    this.srtp = srtp;
    this.sink = sink;
    this.counter = counter;
    VideoFormat format = agreement.format();
    assembler = new PictureAssembler(format.codec(), format.parameterSets(), this::give);
    receiver =
        new RtpReceiver(
            new RtpReceiver.Stream(
                format.payloadType(), format.retransmissionType(), agreement.maximumBitrate()),
            assembler);
  }

  /** Takes what came. */
  void take(byte[] datagram) {
    if (RtcpReader.isRtcp(datagram)) {
      byte[] packet = srtp.openRtcp(datagram);
      if (packet != null) {
        RtcpReader.read(packet, this);
      }
      return;
    }
    byte[] opened = srtp.openRtp(datagram);
    if (opened != null) {
      RtpPacket.parse(opened).ifPresent(this::take);
    }
  }

  /** Access units so far. */
  long units() {
    return units;
  }

  void wantKeyFrame() {
    receiver.wantKeyFrame();
  }

  /** Sealed packets that are due. */
  List<byte[]> tick(long nowNanos) {
    List<byte[]> due = receiver.tick(nowNanos, assembler.isKeyNeeded());
    return due.stream().map(srtp::sealRtcp).toList();
  }

  boolean isOver() {
    return over;
  }

  long leftOut() {
    return assembler.leftOut();
  }

  LinkStatistics link(long overflowed) {
    ReorderBuffer buffer = receiver.buffer();
    return new LinkStatistics(
        buffer.roundTripNanos() / 1e6,
        receiver.received(),
        buffer.lost() + overflowed,
        buffer.recovered(),
        buffer.givenUp(),
        srtp.refused());
  }

  @Override
  public void senderReport(int source, long ntp, int timestamp) {
    if (receiver.isFrom(source)) {
      report(ntp, timestamp);
    } else if (!receiver.isKnown()) {
      early.addLast(new SenderReport(source, ntp, timestamp));
      if (early.size() > MOST_EARLY_REPORTS) {
        early.removeFirst();
      }
    }
  }

  @Override
  public void goodbye(int source) {
    over |= receiver.isFrom(source);
  }

  private void take(RtpPacket packet) {
    agreement
        .captureTimeId()
        .flatMap(packet::extension64)
        .ifPresent(ntp -> clock.absoluteCaptureTime(ntp, packet.timestamp()));
    if (packet.payloadType() == agreement.format().payloadType()) {
      takeEarly(packet.source());
    }
    if (!receiver.packet(packet, System.nanoTime())) {
      counter.passOver();
    }
  }

  private void takeEarly(int source) {
    for (SenderReport report : early) {
      if (report.source() == source) {
        report(report.ntp(), report.timestamp());
      }
    }
    early.clear();
  }

  private void report(long ntp, int timestamp) {
    receiver.senderReport(ntp, System.nanoTime());
    clock.report(ntp, timestamp);
  }

  private void give(Picture picture) {
    long arrivalUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    String codec = agreement.format().codec();
    if (units == 0) {
      sink.format(new StreamFormat(codec, NO_CONFIGURATION, 1, TICKS_PER_SECOND));
    }
    long durationTicks = units == 0 ? 0 : Math.max(0, picture.timestamp() - lastTimestamp);
    lastTimestamp = picture.timestamp();
    units++;
    long hash = ContentHash.of(codec, NO_CONFIGURATION, picture.data());
    EncodedUnit unit =
        new EncodedUnit(
            picture.data(), picture.timestamp(), picture.timestamp(), picture.key(), hash);
    counter.count(unit);
    boolean told = clock.clock() != CaptureClock.CAPTURE_CLOCK_ARRIVAL;
    long captureNs = told ? clock.captureNs((int) picture.timestamp()) : arrivalUs * 1000;
    sink.add(new LiveUnit(unit, durationTicks, arrivalUs, captureNs, clock.clock()));
  }
}
