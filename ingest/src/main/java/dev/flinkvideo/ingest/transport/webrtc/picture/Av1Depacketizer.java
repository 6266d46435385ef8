package dev.flinkvideo.ingest.transport.webrtc.picture;

import java.io.ByteArrayOutputStream;

/**
 * AV1 (RTP Payload Format For AV1, AOMedia): OBUs put together and given their sizes back, as the
 * low-overhead format of files has them, without temporal delimiters.
 */
final class Av1Depacketizer implements Depacketizer {
  private static final int CONTINUES = 0x80;
  private static final int GOES_ON = 0x40;
  private static final int NEW_SEQUENCE = 0x08;

  private static final int SEQUENCE_HEADER = 1;
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int TILE_LIST = 8;
  private static final int HAS_SIZE = 0x02;
  private static final int HAS_EXTENSION = 0x04;
  private static final int FORBIDDEN = 0x80;
  private static final int MAX_LEB128_BYTES = 4; // no packet holds more

  private final ByteArrayOutputStream picture = new ByteArrayOutputStream();
  private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
  private boolean key;
  private boolean wasKey;

  @Override
  public boolean beginsPicture(byte[] bytes, int from, int end) {
    return (bytes[from] & (CONTINUES | NEW_SEQUENCE)) == NEW_SEQUENCE;
  }

  @Override
  public boolean add(byte[] bytes, int from, int end) {
    int header = bytes[from];
    boolean continues = (header & CONTINUES) != 0;
    if (continues == (unit.size() == 0)) {
      return false;
    }
    int count = header >> 4 & 3;
    int at = from + 1;
    for (int i = 1; at < end; i++) {
      int length = end - at;
      if (count == 0 || i < count) {
        long prefix = leb128(bytes, at, end);
        length = (int) prefix;
        at += (int) (prefix >> 32);
        if (prefix < 0 || length > end - at) {
          return false;
        }
      }
      unit.write(bytes, at, length);
      at += length;
      boolean last = at >= end;
      if (last && (header & GOES_ON) != 0) {
        return true;
      }
      if (!finishUnit() || count != 0 && i >= count && !last) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int size() {
    return picture.size() + unit.size();
  }

  @Override
  public byte[] finish() {
    byte[] data = unit.size() > 0 ? null : picture.toByteArray();
    picture.reset();
    unit.reset();
    wasKey = key;
    key = false;
    return data;
  }

  @Override
  public boolean wasKey() {
    return wasKey;
  }

  /** Puts an OBU (AV1 5.3.1) behind those before. */
  private boolean finishUnit() {
    byte[] obu = unit.toByteArray();
    unit.reset();
    if (obu.length == 0) {
      return true;
    }
    int header = obu[0] & 0xff;
    int headerBytes = (header & HAS_EXTENSION) != 0 ? 2 : 1;
    if ((header & FORBIDDEN) != 0 || obu.length < headerBytes) {
      return false;
    }
    int type = header >> 3 & 15;
    if (type == TEMPORAL_DELIMITER || type == TILE_LIST) {
      return true;
    }
    key |= type == SEQUENCE_HEADER;
    if ((header & HAS_SIZE) != 0) {
      picture.writeBytes(obu);
      return true;
    }
    picture.write(header | HAS_SIZE);
    picture.write(obu, 1, headerBytes - 1);
    writeLeb128(obu.length - headerBytes);
    picture.write(obu, headerBytes, obu.length - headerBytes);
    return true;
  }

  /** The value in the lower 32 bits, its length in bytes in the upper; -1 if malformed. */
  private static long leb128(byte[] bytes, int from, int end) {
    int value = 0;
    for (int i = 0; i < MAX_LEB128_BYTES && from + i < end; i++) {
      value |= (bytes[from + i] & 0x7f) << 7 * i;
      if (bytes[from + i] >= 0) {
        return (long) (i + 1) << 32 | value;
      }
    }
    return -1;
  }

  private void writeLeb128(int value) {
    int rest = value;
    while (rest >= 0x80) {
      picture.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    picture.write(rest);
  }
}
