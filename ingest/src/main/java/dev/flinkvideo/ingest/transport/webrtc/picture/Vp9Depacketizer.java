package dev.flinkvideo.ingest.transport.webrtc.picture;

/** VP9 (RFC 9628): the payload descriptor taken off, of spatial layers only the first. */
final class Vp9Depacketizer extends PayloadPicture {
  private static final int PICTURE_ID = 0x80;
  private static final int INTER_PICTURE = 0x40;
  private static final int LAYER_INDICES = 0x20;
  private static final int FLEXIBLE = 0x10;
  private static final int BEGINS_FRAME = 0x08;
  private static final int SCALABILITY = 0x02;
  private static final int MAX_REFERENCES = 3;

  @Override
  public boolean beginsPicture(byte[] bytes, int from, int end) {
    return (bytes[from] & BEGINS_FRAME) != 0;
  }

  @Override
  public boolean add(byte[] bytes, int from, int end) {
    Descriptor descriptor = new Descriptor(bytes, from, end);
    int at = descriptor.read();
    if (at >= end) {
      return false;
    }
    if (descriptor.spatialLayer > 0) {
      return true;
    }
    if (size() == 0 && !beginsPicture(bytes, from, end)) {
      return false;
    }
    append(bytes, at, end);
    return true;
  }

  /**
   * VP9 6.2: marker 10, two bits of profile, in profile 3 a reserved one, show_existing_frame,
   * frame_type. The descriptor would say it too, but not that of every sender.
   */
  @Override
  boolean isKey(byte[] data) {
    int first = data[0] & 0xff;
    int shift = (first & 0x30) == 0x30 ? 1 : 0;
    boolean repeats = (first >> 3 - shift & 1) != 0;
    boolean inter = (first >> 2 - shift & 1) != 0;
    return first >> 6 == 2 && !repeats && !inter;
  }

  /** Walks over the descriptor of one packet. */
  private static final class Descriptor {
    private final byte[] bytes;
    private final int end;
    private int at;
    int spatialLayer;

    Descriptor(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.end = end;
      at = from;
    }

    /** Where the frame's bytes begin; {@code end} or more if there are none. */
    int read() {
      int flags = next();
      if ((flags & PICTURE_ID) != 0 && (next() & 0x80) != 0) {
        at++;
      }
      if ((flags & LAYER_INDICES) != 0) {
        spatialLayer = next() >> 1 & 7;
        at += (flags & FLEXIBLE) == 0 ? 1 : 0;
      }
      if ((flags & FLEXIBLE) != 0 && (flags & INTER_PICTURE) != 0) {
        references();
      }
      if ((flags & SCALABILITY) != 0) {
        scalability();
      }
      return at;
    }

    private void references() {
      for (int i = 0; i < MAX_REFERENCES; i++) {
        if ((next() & 1) == 0) {
          return;
        }
      }
    }

    private void scalability() {
      int structure = next();
      if ((structure & 0x10) != 0) {
        at += 4 * ((structure >> 5) + 1);
      }
      int pictures = (structure & 0x08) != 0 ? next() : 0;
      for (int i = 0; i < pictures && at < end; i++) {
        int references = next() >> 2 & 3;
        at += references;
      }
    }

    private int next() {
      return at < end ? bytes[at++] & 0xff : 0;
    }
  }
}
