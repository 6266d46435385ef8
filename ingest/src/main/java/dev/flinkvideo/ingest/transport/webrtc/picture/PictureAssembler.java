package dev.flinkvideo.ingest.transport.webrtc.picture;

import dev.flinkvideo.ingest.transport.webrtc.rtp.ReorderBuffer;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpPacket;
import java.util.function.Consumer;

/**
 * Cuts a stream of packets into pictures, at the marker or where the timestamp changes. A picture
 * that lacks a packet is left out, and so is what follows up to the next key frame: it refers to
 * what is missing. One thread.
 */
public final class PictureAssembler implements ReorderBuffer.Sink {
  /** As for the messages of RTMP. */
  private static final int MAX_PICTURE_BYTES = 16 << 20;

  private final Depacketizer depacketizer;
  private final Consumer<Picture> sink;
  private boolean started;
  private long lastNumber;
  private int timestamp;
  private long longTimestamp;
  private boolean open;
  private boolean damaged;
  private boolean keyNeeded = true;
  private long leftOut;

  /**
   * @param codec FFmpeg's name
   * @param parameterSets of H.264 as the peer's description states them, in Annex B; may be empty
   */
  public PictureAssembler(String codec, byte[] parameterSets, Consumer<Picture> sink) {
    depacketizer = Depacketizer.of(codec, parameterSets);
    this.sink = sink;
  }

  @Override
  public void packet(RtpPacket packet, long number) {
    boolean hole = started && number != lastNumber + 1;
    if (!started) {
      started = true;
      timestamp = packet.timestamp();
      longTimestamp = Integer.toUnsignedLong(timestamp);
    }
    lastNumber = number;
    if (hole) {
      keyNeeded = true;
      damaged |= open;
    }
    if (packet.payloadBytes() == 0) {
      return; // a probe of the path
    }
    if (packet.timestamp() != timestamp) {
      finish(); // the marker of the one before is missing
      longTimestamp += packet.timestamp() - timestamp;
      timestamp = packet.timestamp();
    }
    if (!open) {
      open = true;
      damaged = hole && !begins(packet);
    }
    add(packet);
    if (packet.marker()) {
      finish();
    }
  }

  /** Nothing can be decoded until a key frame comes. */
  public boolean isKeyNeeded() {
    return keyNeeded;
  }

  /** Pictures that came and did not go on. */
  public long leftOut() {
    return leftOut;
  }

  private boolean begins(RtpPacket packet) {
    return depacketizer.beginsPicture(packet.bytes(), packet.payloadAt(), packet.payloadEnd());
  }

  private void add(RtpPacket packet) {
    if (damaged) {
      return;
    }
    damaged =
        depacketizer.size() + packet.payloadBytes() > MAX_PICTURE_BYTES
            || !depacketizer.add(packet.bytes(), packet.payloadAt(), packet.payloadEnd());
  }

  private void finish() {
    if (!open) {
      return;
    }
    byte[] data = depacketizer.finish();
    boolean whole = !damaged && data != null && data.length > 0;
    open = false;
    damaged = false;
    if (!whole) {
      keyNeeded = true;
    } else if (depacketizer.wasKey()) {
      keyNeeded = false;
    }
    if (keyNeeded) {
      leftOut++;
      return;
    }
    sink.accept(new Picture(data, longTimestamp, depacketizer.wasKey()));
  }
}
