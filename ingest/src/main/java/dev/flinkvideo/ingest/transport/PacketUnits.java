package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;

import dev.flinkvideo.protocol.ContentHash;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * Makes access units of the packets of one live video stream and gives them to the sink, with the
 * format before the first and whenever the stream announces another. One thread, its reader's.
 */
final class PacketUnits {
  private final AVStream stream;
  private final LiveSink sink;
  private final Duration heldBack;
  private StreamFormat format;
  private long lastDts = EncodedUnit.NO_TIME;

  /**
   * @param heldBack for how long what arrived was kept from us
   */
  PacketUnits(AVStream stream, LiveSink sink, Duration heldBack) {
    this.stream = stream;
    this.sink = sink;
    this.heldBack = heldBack;
  }

  boolean isOf(AVPacket packet) {
    return packet.stream_index() == stream.index();
  }

  EncodedUnit give(AVPacket packet) {
    long arrivalUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().minus(heldBack));
    byte[] announced = announced(packet);
    if (format == null) {
      change(bytes(stream.codecpar().extradata(), stream.codecpar().extradata_size()));
    }
    if (announced.length > 0) {
      change(announced);
    }
    EncodedUnit unit = unit(packet);
    sink.add(LiveUnit.arrived(unit, durationTicks(packet), arrivalUs));
    return unit;
  }

  /** A new configuration that comes with the packet, or nothing. */
  private static byte[] announced(AVPacket packet) {
    if (packet.side_data_elems() == 0) {
      return new byte[0];
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, size);
      return data == null ? new byte[0] : bytes(data, (int) size.get());
    }
  }

  private void change(byte[] configuration) {
    StreamFormat next =
        new StreamFormat(
            avcodec_get_name(stream.codecpar().codec_id()).getString(),
            configuration,
            stream.time_base().num(),
            stream.time_base().den());
    if (!next.equals(format)) {
      format = next;
      sink.format(next);
    }
  }

  private EncodedUnit unit(AVPacket packet) {
    byte[] data = bytes(packet.data(), packet.size());
    boolean key =
        (packet.flags() & AV_PKT_FLAG_KEY) != 0
            || KeyPicture.isKey(format.codec(), format.configuration(), data);
    long contentHash = ContentHash.of(format.codec(), format.configuration(), data);
    return new EncodedUnit(data, packet.pts(), packet.dts(), key, contentHash);
  }

  /** As stated, or as long as the one before took. */
  private long durationTicks(AVPacket packet) {
    boolean known = lastDts != EncodedUnit.NO_TIME && packet.dts() != EncodedUnit.NO_TIME;
    long sinceLast = known ? packet.dts() - lastDts : 0;
    lastDts = packet.dts();
    return packet.duration() > 0 ? packet.duration() : Math.max(0, sinceLast);
  }

  private static byte[] bytes(BytePointer from, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    if (sizeBytes > 0) {
      from.get(bytes);
    }
    return bytes;
  }
}
