package dev.flinkvideo.ingest.transport.webrtc.picture;

import java.io.ByteArrayOutputStream;

/**
 * H.264 (RFC 6184, packetization mode 1): single NAL units, STAP-A and FU-A, as Annex B. Puts the
 * parameter sets in front of key frames that come without them.
 */
final class H264Depacketizer implements Depacketizer {
  private static final byte[] START_CODE = {0, 0, 0, 1};
  private static final int IDR = 5;
  private static final int SEQUENCE_PARAMETERS = 7;
  private static final int PICTURE_PARAMETERS = 8;
  private static final int DELIMITER = 9;
  private static final int LAST_SINGLE = 23;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;
  private static final int FU_START = 0x80;
  private static final int FU_END = 0x40;

  /** Of all together; those of encoders are under 100 bytes. */
  private static final int MAX_PARAMETER_BYTES = 16 * 1024;

  private final ByteArrayOutputStream picture = new ByteArrayOutputStream();
  private final ByteArrayOutputStream parameters = new ByteArrayOutputStream();
  private byte[] lastParameters;
  private boolean key;
  private boolean ownParameters;
  private boolean fragmentOpen;
  private boolean wasKey;

  H264Depacketizer(byte[] parameterSets) {
    lastParameters = parameterSets;
  }

  @Override
  public boolean beginsPicture(byte[] bytes, int from, int end) {
    int type = bytes[from] & 0x1f;
    if (type == STAP_A && from + 3 < end) {
      type = bytes[from + 3] & 0x1f;
    }
    return type == SEQUENCE_PARAMETERS || type == DELIMITER;
  }

  @Override
  public boolean add(byte[] bytes, int from, int end) {
    int type = bytes[from] & 0x1f;
    if (type == FU_A) {
      return fragment(bytes, from, end);
    }
    if (fragmentOpen) {
      return false;
    }
    if (type == STAP_A) {
      return aggregate(bytes, from + 1, end);
    }
    if (type < 1 || type > LAST_SINGLE) {
      return false;
    }
    nalUnit(bytes, from, end - from);
    return true;
  }

  @Override
  public int size() {
    return picture.size();
  }

  @Override
  public byte[] finish() {
    byte[] data = fragmentOpen ? null : picture.toByteArray();
    if (ownParameters && parameters.size() <= MAX_PARAMETER_BYTES) {
      lastParameters = parameters.toByteArray();
    } else if (data != null && key && !ownParameters) {
      data = concatenate(lastParameters, data);
    }
    wasKey = key;
    picture.reset();
    parameters.reset();
    key = false;
    ownParameters = false;
    fragmentOpen = false;
    return data;
  }

  @Override
  public boolean wasKey() {
    return wasKey;
  }

  private boolean aggregate(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      if (at + 3 > end) {
        return false;
      }
      int length = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
      at += 2;
      if (length == 0 || length > end - at) {
        return false;
      }
      nalUnit(bytes, at, length);
      at += length;
    }
    return true;
  }

  private boolean fragment(byte[] bytes, int from, int end) {
    if (end - from < 3) {
      return false;
    }
    int header = bytes[from + 1];
    boolean start = (header & FU_START) != 0;
    if (start == fragmentOpen) {
      return false;
    }
    if (start) {
      begin((bytes[from] & 0xe0) | header & 0x1f);
    }
    picture.write(bytes, from + 2, end - from - 2);
    fragmentOpen = (header & FU_END) == 0;
    return true;
  }

  private void nalUnit(byte[] bytes, int from, int length) {
    begin(bytes[from] & 0xff);
    picture.write(bytes, from + 1, length - 1);
    int type = bytes[from] & 0x1f;
    if (type == SEQUENCE_PARAMETERS || type == PICTURE_PARAMETERS) {
      ownParameters |= type == SEQUENCE_PARAMETERS;
      parameters.writeBytes(START_CODE);
      parameters.write(bytes, from, length);
    }
  }

  private void begin(int nalHeader) {
    picture.writeBytes(START_CODE);
    picture.write(nalHeader);
    key |= (nalHeader & 0x1f) == IDR;
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
