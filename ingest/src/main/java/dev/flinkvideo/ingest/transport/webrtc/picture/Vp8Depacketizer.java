package dev.flinkvideo.ingest.transport.webrtc.picture;

import java.io.ByteArrayOutputStream;

/** VP8 (RFC 7741): the payload descriptor taken off, the frame as in a file. */
final class Vp8Depacketizer implements Depacketizer {
  private static final int EXTENDED = 0x80;
  private static final int START_OF_PARTITION = 0x10;
  private static final int PARTITION = 0x07;
  private static final int PICTURE_ID = 0x80;
  private static final int LONG_PICTURE_ID = 0x80;
  private static final int LAYER_INDEX = 0x40;
  private static final int LAYER_OR_KEY_INDEX = 0x30;

  private final ByteArrayOutputStream picture = new ByteArrayOutputStream();
  private boolean key;
  private boolean wasKey;

  @Override
  public boolean beginsPicture(byte[] bytes, int from, int end) {
    return (bytes[from] & (START_OF_PARTITION | PARTITION)) == START_OF_PARTITION;
  }

  @Override
  public boolean add(byte[] bytes, int from, int end) {
    int at = afterDescriptor(bytes, from, end);
    if (at >= end) {
      return false;
    }
    if (picture.size() == 0) {
      if (!beginsPicture(bytes, from, end)) {
        return false;
      }
      key = (bytes[at] & 1) == 0;
    }
    picture.write(bytes, at, end - at);
    return true;
  }

  @Override
  public int size() {
    return picture.size();
  }

  @Override
  public byte[] finish() {
    byte[] data = picture.toByteArray();
    picture.reset();
    wasKey = key;
    return data;
  }

  @Override
  public boolean wasKey() {
    return wasKey;
  }

  /** Where the frame's bytes begin; {@code end} or more if there are none. */
  private static int afterDescriptor(byte[] bytes, int from, int end) {
    int at = from + 1;
    if ((bytes[from] & EXTENDED) == 0) {
      return at;
    }
    if (at >= end) {
      return end;
    }
    int extensions = bytes[at++];
    if ((extensions & PICTURE_ID) != 0) {
      if (at >= end) {
        return end;
      }
      at += (bytes[at] & LONG_PICTURE_ID) != 0 ? 2 : 1;
    }
    at += (extensions & LAYER_INDEX) != 0 ? 1 : 0;
    at += (extensions & LAYER_OR_KEY_INDEX) != 0 ? 1 : 0;
    return at;
  }
}
