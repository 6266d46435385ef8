package dev.flinkvideo.ingest.transport.webrtc.picture;

/** VP8 (RFC 7741): the payload descriptor taken off, the frame as in a file. */
final class Vp8Depacketizer extends PayloadPicture {
  private static final int EXTENDED = 0x80;
  private static final int START_OF_PARTITION = 0x10;
  private static final int PARTITION = 0x07;
  private static final int PICTURE_ID = 0x80;
  private static final int LONG_PICTURE_ID = 0x80;
  private static final int LAYER_INDEX = 0x40;
  private static final int LAYER_OR_KEY_INDEX = 0x30;

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
    if (size() == 0 && !beginsPicture(bytes, from, end)) {
      return false;
    }
    append(bytes, at, end);
    return true;
  }

  /** RFC 6386 9.1. */
  @Override
  boolean isKey(byte[] data) {
    return (data[0] & 1) == 0;
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
