package dev.flinkvideo.ingest.transport.webrtc.picture;

import java.io.ByteArrayOutputStream;

/**
 * A depacketizer of a codec whose pictures are what its payloads carry, one behind the other. Of
 * one stream; one thread.
 */
abstract class PayloadPicture implements Depacketizer {
  private final ByteArrayOutputStream picture = new ByteArrayOutputStream();
  private boolean wasKey;

  /** What a payload carries of the picture. */
  void append(byte[] bytes, int at, int end) {
    picture.write(bytes, at, end - at);
  }

  abstract boolean isKey(byte[] data);

  @Override
  public int size() {
    return picture.size();
  }

  @Override
  public byte[] finish() {
    byte[] data = picture.toByteArray();
    picture.reset();
    wasKey = data.length > 0 && isKey(data);
    return data;
  }

  @Override
  public boolean wasKey() {
    return wasKey;
  }
}
